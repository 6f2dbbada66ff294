package org.widthwise.core.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;

/**
 * Everything about a plan that does not depend on the model: parametrization × update rule × the
 * numbers that are tuned. Applied to a shape it gives a {@link Scale}, to a list of parameters a
 * {@link Plan}.
 *
 * <p>A plan is absolute by default: the formulae with true fans, times prefactors. Made relative to
 * a base model it changes nothing at the base's shapes (standard parametrization with the global
 * rate) and scales from there as the parametrization does; but a narrow base then freezes its
 * imbalance between layers into every width.
 */
public final class Recipe {

  /** The ε that PyTorch's Adam has by default. */
  private static final double USUAL_EPSILON = 1e-8;

  private final Parametrization parametrization;
  private final UpdateRule updateRule;
  private final double learningRate;
  private final double gain;
  private final double weightDecay;
  private final WeightDecayConvention weightDecayConvention;
  private final double epsilon;
  private final Map<ParameterGroup, Prefactor> prefactors;

  private Recipe(
      Parametrization parametrization,
      UpdateRule updateRule,
      double learningRate,
      double gain,
      double weightDecay,
      WeightDecayConvention weightDecayConvention,
      double epsilon,
      Map<ParameterGroup, Prefactor> prefactors) {
    this.parametrization = parametrization;
    this.updateRule = updateRule;
    this.learningRate = learningRate;
    this.gain = gain;
    this.weightDecay = weightDecay;
    this.weightDecayConvention = weightDecayConvention;
    this.epsilon = epsilon;
    this.prefactors = prefactors;
  }

  /**
   * A recipe with every number neutral: global rate 1 (so that rates read as factors), gain 1, no
   * weight decay, ε 10⁻⁸, prefactors 1. Biases start at zero and gains at one, "in practice, one
   * may usually just take σ = 0" (appendix D): their init prefactor is 0.
   *
   * @param parametrization how scales follow from shapes
   * @param updateRule how the optimizer turns gradients into updates
   * @return the recipe
   */
  public static Recipe of(Parametrization parametrization, UpdateRule updateRule) {
    Map<ParameterGroup, Prefactor> prefactors = new EnumMap<>(ParameterGroup.class);
    for (ParameterGroup group : ParameterGroup.values()) {
      prefactors.put(
          group,
          switch (group) {
            case INPUT, HIDDEN, READOUT, EMBEDDING -> Prefactor.ONE;
            case BIAS, GAIN, SCALAR -> Prefactor.ONE.withInit(0);
          });
    }
    return new Recipe(
        parametrization,
        updateRule,
        1,
        1,
        0,
        WeightDecayConvention.INDEPENDENT,
        USUAL_EPSILON,
        prefactors);
  }

  /**
   * Sets the global learning rate, that of a parameter whose factor is 1.
   *
   * @param newLearningRate above 0
   * @return the recipe
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Recipe withLearningRate(double newLearningRate) {
    return new Recipe(
        parametrization,
        updateRule,
        positive("learning rate", newLearningRate),
        gain,
        weightDecay,
        weightDecayConvention,
        epsilon,
        prefactors);
  }

  /**
   * Sets the gain of the activation function, which multiplies the initial standard deviation of
   * matrices and convolutions: √2 for ReLU.
   *
   * @param newGain above 0
   * @return the recipe
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Recipe withGain(double newGain) {
    return new Recipe(
        parametrization,
        updateRule,
        learningRate,
        positive("gain", newGain),
        weightDecay,
        weightDecayConvention,
        epsilon,
        prefactors);
  }

  /**
   * Sets the global weight decay and how it is carried over to each parameter.
   *
   * @param newWeightDecay at least 0
   * @param convention what stays the same when the width changes
   * @return the recipe
   * @throws IllegalArgumentException if it is negative, infinite or NaN
   */
  public Recipe withWeightDecay(double newWeightDecay, WeightDecayConvention convention) {
    if (!(newWeightDecay >= 0 && newWeightDecay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the weight decay must be at least 0 and finite, but is " + newWeightDecay);
    }
    return new Recipe(
        parametrization,
        updateRule,
        learningRate,
        gain,
        newWeightDecay,
        convention,
        epsilon,
        prefactors);
  }

  /**
   * Sets the global ε, that of a parameter whose factor is 1.
   *
   * @param newEpsilon above 0
   * @return the recipe
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Recipe withEpsilon(double newEpsilon) {
    return new Recipe(
        parametrization,
        updateRule,
        learningRate,
        gain,
        weightDecay,
        weightDecayConvention,
        positive("epsilon", newEpsilon),
        prefactors);
  }

  /**
   * Sets the prefactor of one group of parameters.
   *
   * @param group the group
   * @param prefactor its prefactor
   * @return the recipe
   */
  public Recipe withPrefactor(ParameterGroup group, Prefactor prefactor) {
    Map<ParameterGroup, Prefactor> changed = new EnumMap<>(prefactors);
    changed.put(group, prefactor);
    return new Recipe(
        parametrization,
        updateRule,
        learningRate,
        gain,
        weightDecay,
        weightDecayConvention,
        epsilon,
        Collections.unmodifiableMap(changed));
  }

  /**
   * The parametrization.
   *
   * @return how scales follow from shapes
   */
  public Parametrization parametrization() {
    return parametrization;
  }

  /**
   * The update rule.
   *
   * @return how the optimizer turns gradients into updates
   */
  public UpdateRule updateRule() {
    return updateRule;
  }

  /**
   * The prefactor of a group.
   *
   * @param group the group
   * @return its prefactor
   */
  public Prefactor prefactor(ParameterGroup group) {
    Prefactor prefactor = prefactors.get(group);
    return prefactor == null ? Prefactor.ONE : prefactor;
  }

  /**
   * The absolute scale of a parameter.
   *
   * @param shape the parameter's shape
   * @return its scale
   * @throws IllegalArgumentException if the parametrization or the update rule gives a number that
   *     is not above 0 and finite
   */
  public Scale scale(ParameterShape shape) {
    return scale(
        shape,
        parametrization.initStd(shape),
        parametrization.learningRate(shape, updateRule),
        parametrization.multiplier(shape),
        parametrization.epsilon(shape, updateRule),
        shape.fans());
  }

  /**
   * The scale of a parameter relative to its counterpart in a base model. At the base's own shape
   * it is that of standard parametrization.
   *
   * @param shape the parameter's shape
   * @param base the counterpart's shape
   * @return its scale
   * @throws IllegalArgumentException if the two differ in role, layer or number of dimensions
   */
  public Scale scaleRelativeTo(ParameterShape shape, ParameterShape base) {
    if (shape.role() != base.role()
        || shape.layer() != base.layer()
        || shape.dimensions().size() != base.dimensions().size()) {
      throw new IllegalArgumentException(
          "the base model's counterpart is %s, %s, of shape %s, but the parameter is %s, %s, of %s"
              .formatted(
                  base.role().id(),
                  base.layer().id(),
                  base.dimensions(),
                  shape.role().id(),
                  shape.layer().id(),
                  shape.dimensions()));
    }
    Fans fans = shape.fans();
    Fans baseFans = base.fans();
    Scale scale =
        scale(
            shape,
            Parametrizations.SP.initStd(base)
                * parametrization.initStd(shape)
                / parametrization.initStd(base),
            parametrization.learningRate(shape, updateRule)
                / parametrization.learningRate(base, updateRule),
            parametrization.multiplier(shape) / parametrization.multiplier(base),
            parametrization.epsilon(shape, updateRule) / parametrization.epsilon(base, updateRule),
            fans);
    double baseDecay = decayFactor(baseFans, 1);
    return new Scale(
        scale.initMean(),
        scale.initStd(),
        scale.learningRate(),
        scale.multiplier(),
        scale.weightDecay() / baseDecay,
        scale.epsilon(),
        scale.targetSpectralNorm());
  }

  private Scale scale(
      ParameterShape shape,
      double initStd,
      double rateFactor,
      double multiplier,
      double epsilonFactor,
      Fans fans) {
    Prefactor prefactor = prefactor(shape.group());
    double rate = positive("learning rate factor", rateFactor) * prefactor.rate();
    return new Scale(
        shape.role() == Role.GAIN ? 1 : 0,
        positive("initial standard deviation", initStd)
            * prefactor.init()
            * (shape.isMatrixLike() ? gain : 1),
        learningRate * rate,
        positive("multiplier", multiplier),
        weightDecay * decayFactor(fans, rate),
        updateRule.epsilonReference(fans).isPresent()
            ? OptionalDouble.of(epsilon * positive("epsilon factor", epsilonFactor))
            : OptionalDouble.empty(),
        fans.targetSpectralNorm());
  }

  private double decayFactor(Fans fans, double rateFactor) {
    return weightDecayConvention.factor(fans, rateFactor);
  }

  /**
   * The absolute plan of a model.
   *
   * @param parameters the model's parameters, in its order
   * @return the plan
   * @throws IllegalArgumentException if two parameters share a name
   */
  public Plan plan(List<Parameter> parameters) {
    return new Plan(
        this,
        parameters.stream()
            .map(p -> new PlannedParameter(p.name(), p.shape(), scale(p.shape())))
            .toList());
  }

  /**
   * The plan of a model relative to a base model.
   *
   * @param parameters the model's parameters, in its order
   * @param base the base model's parameters, matched by name
   * @return the plan
   * @throws IllegalArgumentException if a parameter has no counterpart in the base or one that does
   *     not match, or if two parameters of one model share a name
   */
  public Plan planRelativeTo(List<Parameter> parameters, List<Parameter> base) {
    Map<String, ParameterShape> baseShapes = new LinkedHashMap<>();
    for (Parameter parameter : base) {
      if (baseShapes.put(parameter.name(), parameter.shape()) != null) {
        throw new IllegalArgumentException(
            "two parameters of the base model are named '%s': names must be unique"
                .formatted(parameter.name()));
      }
    }
    return new Plan(
        this,
        parameters.stream()
            .map(p -> new PlannedParameter(p.name(), p.shape(), relative(p, baseShapes)))
            .toList());
  }

  private Scale relative(Parameter parameter, Map<String, ParameterShape> baseShapes) {
    ParameterShape base = baseShapes.get(parameter.name());
    if (base == null) {
      throw new IllegalArgumentException(
          "the base model has no parameter '%s'; it has %s"
              .formatted(parameter.name(), baseShapes.keySet()));
    }
    try {
      return scaleRelativeTo(parameter.shape(), base);
    } catch (IllegalArgumentException mismatch) {
      throw new IllegalArgumentException(
          "'%s': %s".formatted(parameter.name(), mismatch.getMessage()), mismatch);
    }
  }

  private static double positive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the %s must be above 0 and finite, but is %s".formatted(what, value));
    }
    return value;
  }
}
