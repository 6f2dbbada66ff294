package org.widthwise.torch.init;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;

/**
 * Independent entries of a Gaussian that is cut off at two of its own standard deviations, widened
 * so that what is left has the standard deviation asked for. (PyTorch's {@code trunc_normal_} does
 * not widen, and gives 0.88 of it.)
 *
 * @param standardDeviation the standard deviation of an entry, finite and not negative
 */
public record TruncatedGaussianInitializer(double standardDeviation) implements Initializer {

  /** Where the Gaussian is cut, in its own standard deviations. */
  private static final double CUT = 2;

  /** erf(√2), the share of a Gaussian within two standard deviations. */
  private static final double SHARE = 0.9544997361036416;

  /** √(1 − 2·2·φ(2) / erf(√2)), the standard deviation of what is left of a standard Gaussian. */
  private static final double LEFT =
      Math.sqrt(1 - 2 * CUT * Math.exp(-CUT * CUT / 2) / Math.sqrt(2 * Math.PI) / SHARE);

  /**
   * Checks the deviation.
   *
   * @param standardDeviation the standard deviation of an entry, finite and not negative
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public TruncatedGaussianInitializer {
    Draws.finiteNotNegative(
        "the standard deviation of a truncated Gaussian initialiser", standardDeviation);
  }

  @Override
  public Tensor draw(Tensor like, Generator generator) {
    // By inversion: a uniform number within ±SHARE is the error function of the entry over √2.
    return Draws.constant(like, 0)
        .uniform_(-SHARE, SHARE, new GeneratorOptional(generator))
        .erfinv_()
        .mul_(new Scalar(Math.sqrt(2) * standardDeviation / LEFT))
        .reshape(Tensors.shape(like));
  }
}
