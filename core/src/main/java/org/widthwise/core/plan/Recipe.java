package org.widthwise.core.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.RatedRules.RatedRule;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
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
  private final RatedRules rules;
  private final InitialSizes sizes;
  private final Decay decay;
  private final Epsilon epsilon;
  private final DepthScaling depth;

  private Recipe(
      Parametrization parametrization,
      RatedRules rules,
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
    return new Recipe(
        parametrization,
        new RatedRules(new RatedRule(updateRule, 1), Map.of()),
        InitialSizes.neutral(),
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
    RatedRules rated = rules.withMainRate(newLearningRate);
    return new Recipe(parametrization, rated, sizes, decay, epsilon, depth);
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
    RatedRules changed = rules.with(group, new RatedRule(rule, learningRate));
    return new Recipe(parametrization, changed, sizes, decay, epsilon, depth);
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
    InitialSizes gained = sizes.withGain(newGain);
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
    Epsilon changed = epsilon.withValue(newEpsilon);
    return new Recipe(parametrization, rules, sizes, decay, changed, depth);
  }

  /**
   * Sets what stays the same about ε when the width changes.
   *
   * @param convention {@link EpsilonConvention#SCALED} unless another optimizer is to be matched
   * @return the recipe
   */
  public Recipe withEpsilonConvention(EpsilonConvention convention) {
    Epsilon changed = epsilon.withConvention(convention);
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
    return new Scales(this).absolute(shape, branches);
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
    return new Scales(this).relative(shape, base, 1);
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
      return new Scales(this)
          .relative(
              parameter.shape(), base.shape(), (double) parameter.branches() / base.branches());
    } catch (IllegalArgumentException mismatch) {
      throw new IllegalArgumentException(
          "'%s': %s".formatted(parameter.name(), mismatch.getMessage()), mismatch);
    }
  }
}
