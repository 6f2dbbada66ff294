package org.widthwise.torch.train;

/**
 * What SGD does besides scaling the gradient; the names and meaning are libtorch's.
 *
 * @param momentum μ in {@code v ← μ v + g}; 0 for plain SGD
 * @param nesterov whether the step is {@code g + μ v} in place of {@code v}; needs momentum
 * @param weightDecay λ, coupled: {@code g ← g + λ p} before anything else
 */
public record SgdOptions(double momentum, boolean nesterov, double weightDecay) {
  /**
   * Checks the numbers.
   *
   * @param momentum μ, at least 0
   * @param nesterov whether to look ahead
   * @param weightDecay λ, at least 0
   * @throws IllegalArgumentException if a number is negative or not finite, or {@code nesterov} is
   *     set without momentum
   */
  public SgdOptions {
    if (!(momentum >= 0 && Double.isFinite(momentum))) {
      throw new IllegalArgumentException(
          "the momentum of SGD must be finite and not negative, but is " + momentum);
    }
    if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
      throw new IllegalArgumentException(
          "the weight decay of SGD must be finite and not negative, but is " + weightDecay);
    }
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException(
          "Nesterov's step needs a momentum above 0; set one or leave it out");
    }
  }

  /**
   * Plain SGD.
   *
   * @return no momentum, no weight decay
   */
  public static SgdOptions plain() {
    return new SgdOptions(0, false, 0);
  }

  /**
   * The same with another momentum.
   *
   * @param value μ, at least 0
   * @return the options
   */
  public SgdOptions withMomentum(double value) {
    return new SgdOptions(value, nesterov, weightDecay);
  }

  /**
   * The same with or without Nesterov's step.
   *
   * @param value whether to look ahead
   * @return the options
   */
  public SgdOptions withNesterov(boolean value) {
    return new SgdOptions(momentum, value, weightDecay);
  }

  /**
   * The same with another coupled weight decay.
   *
   * @param value λ, at least 0
   * @return the options
   */
  public SgdOptions withWeightDecay(double value) {
    return new SgdOptions(momentum, nesterov, value);
  }
}
