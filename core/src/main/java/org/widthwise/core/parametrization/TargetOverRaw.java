package org.widthwise.core.parametrization;

import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;

/**
 * The one rule from which every learning rate follows: the update's target size (Condition 1) over
 * its raw size.
 */
final class TargetOverRaw {

  private TargetOverRaw() {}

  /**
   * The rate.
   *
   * @param fans of one map
   * @param groups how many maps share one vector of features, {@link ParameterShape#groups()}:
   *     gradients are that many times smaller than eq. 20 has them, since each map writes that part
   *     of the vector only
   * @param rule the update rule
   */
  static double learningRate(Fans fans, int groups, UpdateRule rule) {
    double raw = rule.rawSpectralNorm(fans) * Math.pow(groups, -rule.gradientDegree());
    return fans.targetSpectralNorm() / raw;
  }

  /** ε keeps its meaning when it shrinks with what it is added to, which goes as the gradient. */
  static double epsilon(Fans fans, int groups, UpdateRule rule) {
    return rule.epsilonReference(fans).orElse(1) / groups;
  }
}
