package org.widthwise.core.plan;

import java.util.OptionalDouble;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;

/** How the scales of parameters follow from a recipe and their shapes. */
record Scales(Recipe recipe) {

  /** See {@link Recipe#scale(ParameterShape, int)}. */
  Scale absolute(ParameterShape shape, int branches) {
    Parametrization parametrization = recipe.parametrization();
    UpdateRule rule = recipe.updateRule(shape.group());
    return scale(
        shape,
        parametrization.initStd(shape),
        parametrization.learningRate(shape, rule),
        parametrization.multiplier(shape),
        parametrization.epsilon(shape, rule),
        branches);
  }

  /**
   * See {@link Recipe#scaleRelativeTo}.
   *
   * @param branches how many residual branches are summed beside the one it stands in, over those
   *     beside its counterpart
   */
  Scale relative(ParameterShape shape, ParameterShape counterpart, double branches) {
    requireAlike(shape, counterpart);
    // Of a bias the layer may have been told by declarations there and by widths here.
    ParameterShape base = counterpart.at(shape.layer());
    Parametrization parametrization = recipe.parametrization();
    UpdateRule rule = recipe.updateRule(shape.group());
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
    double baseDecay = recipe.weightDecayConvention().factor(base.fans(), 1);
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

  private static void requireAlike(ParameterShape shape, ParameterShape counterpart) {
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
  }

  /** The scale of factors that the parametrization gives, times what is tuned. */
  private Scale scale(
      ParameterShape shape,
      double initStd,
      double rateFactor,
      double multiplier,
      double epsilonFactor,
      double branches) {
    Prefactor prefactor = recipe.prefactor(shape.group());
    UpdateRule rule = recipe.updateRule(shape.group());
    DepthScaling depth = recipe.depthScaling();
    double rate =
        Checks.positive("learning rate factor", rateFactor)
            * depth.rateFactor(branches, rule)
            * prefactor.rate();
    double epsilonScale =
        Checks.positive("epsilon factor", epsilonFactor) * depth.epsilonFactor(branches);
    return new Scale(
        shape.role() == Role.GAIN ? 1 : 0,
        Checks.positive("initial standard deviation", initStd)
            * prefactor.init()
            * (shape.isMatrixLike() ? recipe.gain() : 1),
        recipe.learningRate(shape.group()) * rate,
        Checks.positive("multiplier", multiplier),
        depth.branchMultiplier(branches),
        recipe.weightDecay() * recipe.weightDecayConvention().factor(shape.fans(), rate),
        rule.epsilonReference(shape.fans()).isPresent()
            ? OptionalDouble.of(
                recipe.epsilonConvention() == EpsilonConvention.FIXED
                    ? recipe.epsilon()
                    : recipe.epsilon() * epsilonScale)
            : OptionalDouble.empty(),
        shape.fans().targetSpectralNorm());
  }
}
