package org.widthwise.torch.optim;

/**
 * Clipping of all gradients together by one factor, at a size that does not depend on width.
 *
 * <p>The usual global norm adds up ‖∇_ℓ‖_F, which Condition 1 makes √(fan-in / fan-out) (eq. 20): a
 * threshold on it bites elsewhere at every width, and looks at readouts alone. Here each gradient
 * is first divided by that size, {@code G = √(mean over ℓ of (‖∇_ℓ‖_F / √(fan-in / fan-out))²)},
 * and all are multiplied by {@code min(1, threshold / G)}. One factor for all keeps the proportions
 * between layers. (Of a convolution of m groups the size is √(fan-in / fan-out) / √m with a group's
 * fans.)
 *
 * @param threshold the greatest G, above 0; infinite to clip nothing
 */
public record GradientClipping(double threshold) {

  /** Nothing is clipped. */
  public static final GradientClipping NONE = new GradientClipping(Double.POSITIVE_INFINITY);

  /**
   * Checks the threshold.
   *
   * @param threshold the greatest G
   * @throws IllegalArgumentException if it is not above 0
   */
  public GradientClipping {
    if (!(threshold > 0)) {
      throw new IllegalArgumentException(
          "gradients are clipped at a size above 0, not " + threshold);
    }
  }

  /**
   * Whether gradients have to be measured.
   *
   * @return false if the threshold is infinite
   */
  public boolean clips() {
    return threshold < Double.POSITIVE_INFINITY;
  }

  /**
   * The factor for gradients of a given size; NaN stays NaN.
   *
   * @param size G
   * @return the factor, at most 1
   */
  public double factor(double size) {
    return size > threshold ? threshold / size : size * 0 + 1;
  }
}
