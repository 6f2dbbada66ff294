package org.widthwise.core.parametrization;

import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.UpdateRule;

/**
 * Folds a forward multiplier into the weight: the same function and the same training, written
 * without it (the symmetry of abc-parametrizations, appendix B).
 *
 * <p>Let the layer compute with W = m·V, so that ∇_V = m·∇_W. A raw update Q of degree g in the
 * gradient and w in the weight gives ΔW = m·ΔV = −η·m·Q(m·∇_W, W/m) = −η·m^(1 + g − w)·Q(∇_W, W).
 */
public final class MultiplierFolding {

  /** Whether a rule has an ε does not depend on dimensions. */
  private static final Fans ANY = new Fans(1, 1);

  private MultiplierFolding() {}

  /**
   * The learning rate of the folded weight.
   *
   * @param multiplier the forward multiplier m
   * @param learningRate the rate η of the weight under the multiplier
   * @param rule the update rule
   * @return η·m^(1 + g − w)
   */
  public static double learningRate(double multiplier, double learningRate, UpdateRule rule) {
    return learningRate * Math.pow(multiplier, 1 + rule.gradientDegree() - rule.weightDegree());
  }

  /**
   * The weight decay of the folded weight beside the update: what keeps the product of rate and
   * decay, by which the weight shrinks in each step. A decay without the rate stays as it is.
   *
   * @param multiplier the forward multiplier m
   * @param weightDecay the decay λ of the weight under the multiplier
   * @param rule the update rule
   * @return λ·m^−(1 + g − w)
   */
  public static double weightDecay(double multiplier, double weightDecay, UpdateRule rule) {
    return weightDecay / learningRate(multiplier, 1, rule);
  }

  /**
   * The weight decay of the folded weight where decay is added to the gradient: {@code ∇_V + λV =
   * m·(∇_W + λ/m²·W)}, whatever the rule.
   *
   * @param multiplier the forward multiplier m
   * @param weightDecay the decay λ of the weight under the multiplier
   * @return λ / m²
   */
  public static double coupledWeightDecay(double multiplier, double weightDecay) {
    return weightDecay / (multiplier * multiplier);
  }

  /**
   * The ε of the folded weight. It stands beside a size of the gradient, whatever the degree in
   * which the update grows with it, and ∇_V = m·∇_W.
   *
   * @param multiplier the forward multiplier m
   * @param epsilon the ε of the weight under the multiplier
   * @param rule the update rule
   * @return ε / m; ε itself for a rule that has none
   */
  public static double epsilon(double multiplier, double epsilon, UpdateRule rule) {
    return rule.epsilonReference(ANY).isPresent() ? epsilon / multiplier : epsilon;
  }
}
