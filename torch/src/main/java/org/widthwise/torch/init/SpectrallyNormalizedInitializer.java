package org.widthwise.torch.init;

import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Eq. 16: draws with another initialiser, divides by the spectral norm of what was drawn and
 * multiplies by the spectral norm wanted, {@code σ·sqrt(fanOut / fanIn)} in the paper.
 *
 * @param base what draws the matrix
 * @param target the spectral norm of the result, finite and not negative
 * @param spectralNorm the spectral norm of a matrix {@code [fanOut, fanIn]}; a convolution kernel
 *     is given to it flattened to {@code [fanOut, fanIn * k * k]}
 */
public record SpectrallyNormalizedInitializer(
    Initializer base, double target, ToDoubleFunction<Tensor> spectralNorm) implements Initializer {
  /**
   * Checks the target.
   *
   * @param base what draws the matrix
   * @param target the spectral norm of the result, finite and not negative
   * @param spectralNorm the spectral norm of a matrix
   * @throws IllegalArgumentException if the target is negative or not finite
   */
  public SpectrallyNormalizedInitializer {
    Draws.finiteNotNegative("the target of a spectrally normalised initialiser", target);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the shape is not that of a matrix or kernel, or if the base
   *     drew a matrix whose spectral norm is zero or not finite
   */
  @Override
  public Tensor draw(Tensor like, Generator generator) {
    long[] sides = Draws.matrixShape(like, "spectrally normalised initialisation (eq. 16)");
    Tensor drawn = base.draw(like, generator);
    double norm = spectralNorm.applyAsDouble(drawn.reshape(sides));
    if (!(norm > 0 && Double.isFinite(norm))) {
      throw new IllegalArgumentException(
          "eq. 16 divides by the spectral norm of the matrix drawn, but "
              + base
              + " gave one of norm "
              + norm
              + "; use a base that draws a non-zero, finite matrix");
    }
    return drawn.mul_(new Scalar(target / norm));
  }
}
