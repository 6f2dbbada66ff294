package org.widthwise.core.plan;

import org.widthwise.core.update.UpdateRule;

/**
 * How a residual network scales with its number of branches L, beside its width: every branch is
 * multiplied by L^−α in the forward pass, {@code h ← h + L^−α · f(h)}, and rates and ε of the
 * parameters inside follow from the one rule.
 *
 * <p>A weight that moves by its target moves its branch's output by Θ(1). The L branches move
 * together, so the sum moves by L · L^−α, and rates times L^(α − 1) keep it at Θ(1). The multiplier
 * also shrinks the gradients inside by L^−α, which a rule of degree g in the gradient repays with
 * L^(αg), and which ε follows. With α = 1 these are the rules of CompleteP (arXiv:2505.01618), with
 * α = ½ those of depth-μP (arXiv:2310.02244); α = 1 alone lets every layer learn features.
 *
 * @param alpha α, from 0 to 1; with 0 branches are summed as they are
 */
public record DepthScaling(double alpha) {

  /** Depth is not scaled: multiplier and factors are 1. */
  public static final DepthScaling NONE = new DepthScaling(0);

  /** CompleteP, α = 1. */
  public static final DepthScaling COMPLETE_P = new DepthScaling(1);

  /** Branches divided by the root of their number, α = ½. */
  public static final DepthScaling INVERSE_ROOT = new DepthScaling(0.5);

  /**
   * Checks α.
   *
   * @param alpha α
   * @throws IllegalArgumentException if it is not within 0 and 1
   */
  public DepthScaling {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException(
          ("the exponent of depth scaling lies between 0 and 1 (CompleteP: 1, inverse root: 0.5),"
                  + " but is %s")
              .formatted(alpha));
    }
  }

  /**
   * The number by which each branch is multiplied in the forward pass.
   *
   * @param branches the number of branches, relative to a base model perhaps
   * @return L^−α
   */
  public double branchMultiplier(double branches) {
    return Math.pow(branches, -alpha);
  }

  /**
   * The factor on the learning rate of a parameter inside a branch.
   *
   * @param branches the number of branches, relative to a base model perhaps
   * @param rule the update rule
   * @return L^(α − 1 + αg), or 1 where depth is not scaled
   */
  double rateFactor(double branches, UpdateRule rule) {
    return alpha == 0 ? 1 : Math.pow(branches, alpha - 1 + alpha * rule.gradientDegree());
  }

  /**
   * The factor on the ε of a parameter inside a branch.
   *
   * @param branches the number of branches, relative to a base model perhaps
   * @return L^−α, as the gradients
   */
  double epsilonFactor(double branches) {
    return branchMultiplier(branches);
  }
}
