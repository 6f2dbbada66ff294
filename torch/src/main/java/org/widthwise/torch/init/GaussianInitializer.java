package org.widthwise.torch.init;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;

/**
 * Independent Gaussian entries of mean zero, as in Parametrization 1: a matrix {@code [fanOut,
 * fanIn]} then has spectral norm close to {@code standardDeviation * (sqrt(fanIn) + sqrt(fanOut))}.
 *
 * @param standardDeviation the standard deviation of an entry, finite and not negative
 */
public record GaussianInitializer(double standardDeviation) implements Initializer {
  /**
   * Checks the standard deviation.
   *
   * @param standardDeviation the standard deviation of an entry, finite and not negative
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public GaussianInitializer {
    Draws.finiteNotNegative("the standard deviation of a Gaussian initialiser", standardDeviation);
  }

  @Override
  public Tensor draw(Tensor like, Generator generator) {
    return Draws.gaussian(like, generator, Tensors.shape(like)).mul_(new Scalar(standardDeviation));
  }
}
