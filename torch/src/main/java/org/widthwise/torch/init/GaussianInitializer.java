package org.widthwise.torch.init;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;

/**
 * Independent Gaussian entries, of mean zero for weights as in Parametrization 1: a matrix {@code
 * [fanOut, fanIn]} then has spectral norm close to {@code standardDeviation * (sqrt(fanIn) +
 * sqrt(fanOut))}.
 *
 * @param mean the mean of an entry, finite
 * @param standardDeviation the standard deviation of an entry, finite and not negative
 */
public record GaussianInitializer(double mean, double standardDeviation) implements Initializer {
  /**
   * Checks both.
   *
   * @param mean the mean of an entry, finite
   * @param standardDeviation the standard deviation of an entry, finite and not negative
   * @throws IllegalArgumentException if the deviation is negative or one is not finite
   */
  public GaussianInitializer {
    Draws.finite("the mean of a Gaussian initialiser", mean);
    Draws.finiteNotNegative("the standard deviation of a Gaussian initialiser", standardDeviation);
  }

  /**
   * Entries of mean zero.
   *
   * @param standardDeviation the standard deviation of an entry, finite and not negative
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public GaussianInitializer(double standardDeviation) {
    this(0, standardDeviation);
  }

  @Override
  public Tensor draw(Tensor like, Generator generator) {
    return Draws.gaussian(like, generator, Tensors.shape(like))
        .mul_(new Scalar(standardDeviation))
        .add_(new Scalar(mean));
  }
}
