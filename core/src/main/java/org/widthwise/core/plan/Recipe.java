package org.widthwise.core.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
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
  private final Rules rules;
  private final InitialSizes sizes;
  private final Decay decay;
  private final Epsilon epsilon;
  private final DepthScaling depth;

  private Recipe(
      Parametrization parametrization,
      Rules rules,
      InitialSizes sizes,
      Decay decay,
      Epsilon epsilon,
      DepthScaling depth) {
    this.parametrization = parametrization;
    this.rules = rules;
    this.sizes = sizes;
    this.decay = decay;
    this.epsilon = epsilon;
    this.depth = depth;
  }

  /** An update rule and its global learning rate. */
  private record RatedRule(UpdateRule rule, double learningRate) {}

  /** The rule of most parameters, and those of the groups that have another. */
  private record Rules(RatedRule main, Map<ParameterGroup, RatedRule> others) {

    RatedRule of(ParameterGroup group) {
      return others.getOrDefault(group, main);
    }

    Rules with(ParameterGroup group, RatedRule rule) {
      Map<ParameterGroup, RatedRule> changed = new EnumMap<>(ParameterGroup.class);
      changed.putAll(others);
      changed.put(group, rule);
      return new Rules(main, Collections.unmodifiableMap(changed));
    }
  }

  /** The activation's gain, and the prefactors of init and rate. */
  private record InitialSizes(double gain, Map<ParameterGroup, Prefactor> prefactors) {

    Prefactor of(ParameterGroup group) {
      return prefactors.getOrDefault(group, Prefactor.ONE);
    }

    InitialSizes with(ParameterGroup group, Prefactor prefactor) {
      Map<ParameterGroup, Prefactor> changed = new EnumMap<>(prefactors);
      changed.put(group, prefactor);
      return new InitialSizes(gain, Collections.unmodifiableMap(changed));
    }
  }

  private record Decay(double value, WeightDecayConvention convention) {}

  private record Epsilon(double value, EpsilonConvention convention) {}

  /**
   * A recipe with every number neutral: global rate 1 (so that rates read as factors), gain 1, no
   * weight decay, ε 10⁻⁸, prefactors 1, depth not scaled. Biases start at zero and gains at one,
   * "in practice, one may usually just take σ = 0" (appendix D): their init prefactor is 0.
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
        new Rules(new RatedRule(updateRule, 1), Map.of()),
        new InitialSizes(1, prefactors),
        new Decay(0, WeightDecayConvention.INDEPENDENT),
        new Epsilon(USUAL_EPSILON, EpsilonConvention.SCALED),
        DepthScaling.NONE);
  }

  /**
   * Sets the global learning rate, that of a parameter whose factor is 1.
   *
   * @param newLearningRate above 0
   * @return the recipe
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Recipe withLearningRate(double newLearningRate) {
    RatedRule main = new RatedRule(rules.main().rule(), positive("learning rate", newLearningRate));
    return new Recipe(
        parametrization, new Rules(main, rules.others()), sizes, decay, epsilon, depth);
  }

  /**
   * Gives a group of parameters an update rule of its own, such as Adam for embeddings, readout and
   * vectors beside Muon for the matrices between features.
   *
   * @param group the group
   * @param rule its update rule
   * @param learningRate the rule's global learning rate, above 0
   * @return the recipe
   * @throws IllegalArgumentException if the rate is not above 0 and finite
   */
  public Recipe withUpdateRule(ParameterGroup group, UpdateRule rule, double learningRate) {
    RatedRule rated = new RatedRule(rule, positive("learning rate", learningRate));
    return new Recipe(parametrization, rules.with(group, rated), sizes, decay, epsilon, depth);
  }

  /**
   * Gives everything that is no matrix or convolution between features an update rule of its own,
   * as Muon is used: Muon for hidden matrices, Adam for all else.
   *
   * @param rule the rule of all groups but {@link ParameterGroup#HIDDEN}
   * @param learningRate the rule's global learning rate, above 0
   * @return the recipe
   * @throws IllegalArgumentException if the rate is not above 0 and finite
   */
  public Recipe withUpdateRuleBesideHidden(UpdateRule rule, double learningRate) {
    Recipe recipe = this;
    for (ParameterGroup group : ParameterGroup.values()) {
      recipe =
          group == ParameterGroup.HIDDEN
              ? recipe
              : recipe.withUpdateRule(group, rule, learningRate);
    }
    return recipe;
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
    InitialSizes gained = new InitialSizes(positive("gain", newGain), sizes.prefactors());
    return new Recipe(parametrization, rules, gained, decay, epsilon, depth);
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
    Decay decayed = new Decay(newWeightDecay, convention);
    return new Recipe(parametrization, rules, sizes, decayed, epsilon, depth);
  }

  /**
   * Sets the global ε, that of a parameter whose factor is 1.
   *
   * @param newEpsilon above 0
   * @return the recipe
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public Recipe withEpsilon(double newEpsilon) {
    Epsilon changed = new Epsilon(positive("epsilon", newEpsilon), epsilon.convention());
    return new Recipe(parametrization, rules, sizes, decay, changed, depth);
  }

  /**
   * Sets what stays the same about ε when the width changes.
   *
   * @param convention {@link EpsilonConvention#SCALED} unless another optimizer is to be matched
   * @return the recipe
   */
  public Recipe withEpsilonConvention(EpsilonConvention convention) {
    Epsilon changed = new Epsilon(epsilon.value(), convention);
    return new Recipe(parametrization, rules, sizes, decay, changed, depth);
  }

  /**
   * Sets how residual branches scale with their number.
   *
   * @param scaling the rule
   * @return the recipe
   */
  public Recipe withDepthScaling(DepthScaling scaling) {
    return new Recipe(parametrization, rules, sizes, decay, epsilon, scaling);
  }

  /**
   * Sets the prefactor of one group of parameters.
   *
   * @param group the group
   * @param prefactor its prefactor
   * @return the recipe
   */
  public Recipe withPrefactor(ParameterGroup group, Prefactor prefactor) {
    return new Recipe(parametrization, rules, sizes.with(group, prefactor), decay, epsilon, depth);
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
   * The update rule of every group that was not given its own.
   *
   * @return how the optimizer turns gradients into updates
   */
  public UpdateRule updateRule() {
    return rules.main().rule();
  }

  /**
   * The update rule of a group.
   *
   * @param group the group
   * @return how the optimizer turns its gradients into updates
   */
  public UpdateRule updateRule(ParameterGroup group) {
    return rules.of(group).rule();
  }

  /**
   * The global learning rate of every group that was not given its own rule.
   *
   * @return the rate of a parameter whose factor is 1
   */
  public double learningRate() {
    return rules.main().learningRate();
  }

  /**
   * The global learning rate of a group.
   *
   * @param group the group
   * @return the rate of a parameter of the group whose factor is 1
   */
  public double learningRate(ParameterGroup group) {
    return rules.of(group).learningRate();
  }

  /**
   * The groups that were given an update rule of their own.
   *
   * @return the groups; no other depends on {@link #withUpdateRule}
   */
  public Set<ParameterGroup> groupsWithOwnRule() {
    return rules.others().keySet();
  }

  /**
   * The gain of the activation function.
   *
   * @return by what the initial standard deviation of matrices and convolutions is multiplied
   */
  public double gain() {
    return sizes.gain();
  }

  /**
   * The global weight decay.
   *
   * @return at least 0
   */
  public double weightDecay() {
    return decay.value();
  }

  /**
   * The global ε.
   *
   * @return that of a parameter whose factor is 1
   */
  public double epsilon() {
    return epsilon.value();
  }

  /**
   * What stays the same about ε when the width changes.
   *
   * @return the convention
   */
  public EpsilonConvention epsilonConvention() {
    return epsilon.convention();
  }

  /**
   * How residual branches scale with their number.
   *
   * @return the rule
   */
  public DepthScaling depthScaling() {
    return depth;
  }

  /**
   * What stays the same about weight decay when the width changes.
   *
   * @return the convention
   */
  public WeightDecayConvention weightDecayConvention() {
    return decay.convention();
  }

  /**
   * The prefactor of a group.
   *
   * @param group the group
   * @return its prefactor
   */
  public Prefactor prefactor(ParameterGroup group) {
    return sizes.of(group);
  }

  /**
   * The absolute scale of a parameter outside of residual branches.
   *
   * @param shape the parameter's shape
   * @return its scale
   * @throws IllegalArgumentException if the parametrization or the update rule gives a number that
   *     is not above 0 and finite
   */
  public Scale scale(ParameterShape shape) {
    return scale(shape, 1);
  }

  /**
   * The absolute scale of a parameter.
   *
   * @param shape the parameter's shape
   * @param branches how many residual branches are summed beside the one it stands in; 1 outside of
   *     any
   * @return its scale
   * @throws IllegalArgumentException if the parametrization or the update rule gives a number that
   *     is not above 0 and finite
   */
  public Scale scale(ParameterShape shape, int branches) {
    UpdateRule rule = updateRule(shape.group());
    return scale(
        shape,
        parametrization.initStd(shape),
        parametrization.learningRate(shape, rule),
        parametrization.multiplier(shape),
        parametrization.epsilon(shape, rule),
        branches);
  }

  /**
   * The scale of a parameter relative to its counterpart in a base model, both outside of residual
   * branches. At the base's own shape it is that of standard parametrization.
   *
   * @param shape the parameter's shape
   * @param base the counterpart's shape
   * @return its scale
   * @throws IllegalArgumentException if the two differ in role, number of dimensions, or in
   *     {@linkplain ParameterShape#growsLike which of them grow}
   */
  public Scale scaleRelativeTo(ParameterShape shape, ParameterShape base) {
    return scaleRelativeTo(shape, base, 1);
  }

  private Scale scaleRelativeTo(ParameterShape shape, ParameterShape counterpart, double branches) {
    if (!shape.growsLike(counterpart)) {
      throw new IllegalArgumentException(
          ("the base model's counterpart is %s, %s, of shape %s, but the parameter is %s, %s, of"
               + " %s: a base is the same network at another width, where each parameter is what it"
               + " is here")
              .formatted(
                  counterpart.role().id(),
                  counterpart.layer().id(),
                  counterpart.dimensions(),
                  shape.role().id(),
                  shape.layer().id(),
                  shape.dimensions()));
    }
    // Of a bias the layer may have been told by declarations there and by widths here.
    ParameterShape base = counterpart.at(shape.layer());
    UpdateRule rule = updateRule(shape.group());
    Scale scale =
        scale(
            shape,
            Parametrizations.SP.initStd(base)
                * parametrization.initStd(shape)
                / parametrization.initStd(base),
            parametrization.learningRate(shape, rule) / parametrization.learningRate(base, rule),
            parametrization.multiplier(shape) / parametrization.multiplier(base),
            parametrization.epsilon(shape, rule) / parametrization.epsilon(base, rule),
            branches);
    double baseDecay = decay.convention().factor(base.fans(), 1);
    return new Scale(
        scale.initMean(),
        scale.initStd(),
        scale.learningRate(),
        scale.multiplier(),
        scale.branchMultiplier(),
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
      double branches) {
    Prefactor prefactor = prefactor(shape.group());
    RatedRule rated = rules.of(shape.group());
    double rate =
        positive("learning rate factor", rateFactor)
            * depth.rateFactor(branches, rated.rule())
            * prefactor.rate();
    double epsilonScale = positive("epsilon factor", epsilonFactor) * depth.epsilonFactor(branches);
    return new Scale(
        shape.role() == Role.GAIN ? 1 : 0,
        positive("initial standard deviation", initStd)
            * prefactor.init()
            * (shape.isMatrixLike() ? sizes.gain() : 1),
        rated.learningRate() * rate,
        positive("multiplier", multiplier),
        depth.branchMultiplier(branches),
        decay.value() * decay.convention().factor(shape.fans(), rate),
        rated.rule().epsilonReference(shape.fans()).isPresent()
            ? OptionalDouble.of(
                epsilon.convention() == EpsilonConvention.FIXED
                    ? epsilon.value()
                    : epsilon.value() * epsilonScale)
            : OptionalDouble.empty(),
        shape.fans().targetSpectralNorm());
  }

  /**
   * The number by which inner products of queries and keys are multiplied.
   *
   * @param headDimension the dimension of one head's queries and keys
   * @return 1/d, or what the parametrization has instead
   */
  public double attentionScale(long headDimension) {
    return parametrization.attentionScale(headDimension);
  }

  /**
   * The number by which inner products of queries and keys are multiplied, relative to a base
   * model: there it is the usual 1/√d.
   *
   * @param headDimension the dimension of one head's queries and keys
   * @param base that of the base model
   * @return the scale
   */
  public double attentionScaleRelativeTo(long headDimension, long base) {
    return Parametrizations.SP.attentionScale(base)
        * parametrization.attentionScale(headDimension)
        / parametrization.attentionScale(base);
  }

  /**
   * The absolute plan of a model.
   *
   * @param parameters the model's parameters, in its order
   * @return the plan
   * @throws IllegalArgumentException if two parameters share a name
   */
  public Plan plan(List<Parameter> parameters) {
    return Plan.of(
        this, parameters.stream().map(p -> planned(p, scale(p.shape(), p.branches()))).toList());
  }

  private PlannedParameter planned(Parameter parameter, Scale scale) {
    return new PlannedParameter(
        parameter.name(),
        parameter.shape(),
        parameter.branches(),
        updateRule(parameter.shape().group()),
        scale);
  }

  /**
   * The plan of a model relative to a base model. Parameters are matched by name. A model that is
   * deeper than its base has names that the base lacks, such as {@code blocks.7.weight}: their
   * counterpart is what the base has under other numbers, {@code blocks.0.weight}, provided that
   * all those are alike.
   *
   * @param parameters the model's parameters, in its order
   * @param base the base model's parameters
   * @return the plan
   * @throws IllegalArgumentException if a parameter has no counterpart in the base or one that does
   *     not match, or if two parameters of one model share a name
   */
  public Plan planRelativeTo(List<Parameter> parameters, List<Parameter> base) {
    Counterparts counterparts = Counterparts.of(base);
    return Plan.of(
        this, parameters.stream().map(p -> planned(p, relative(p, counterparts))).toList());
  }

  /**
   * The plan of a model relative to a base model of which a plan is at hand, one that was read from
   * a file for instance. Names, shapes and branches are taken from it, and no scales: at the base's
   * shapes this recipe changes nothing, whatever the base was trained with.
   *
   * @param parameters the model's parameters, in its order
   * @param base a plan of the base model
   * @return the plan
   * @throws IllegalArgumentException if a parameter has no counterpart in the base or one that does
   *     not match, or if two parameters share a name
   */
  public Plan planRelativeTo(List<Parameter> parameters, Plan base) {
    return planRelativeTo(
        parameters, base.parameters().stream().map(PlannedParameter::parameter).toList());
  }

  private Scale relative(Parameter parameter, Counterparts counterparts) {
    Parameter base = counterparts.of(parameter.name());
    try {
      return scaleRelativeTo(
          parameter.shape(), base.shape(), (double) parameter.branches() / base.branches());
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
