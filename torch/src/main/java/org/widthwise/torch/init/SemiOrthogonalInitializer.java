package org.widthwise.torch.init;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/**
 * A random semi-orthogonal matrix times a scale (section 4): all min(fanIn, fanOut) singular values
 * equal the scale.
 *
 * <p>The matrix is the factor Q of the QR decomposition of a Gaussian one, each column's sign
 * chosen so that the diagonal of R is positive. Without that choice Q would carry the sign
 * convention of the decomposition; with it, Q is uniform over all semi-orthogonal matrices (Haar
 * measure).
 *
 * <p>A convolution kernel {@code [fanOut, fanIn, k, k]} is filled as the matrix {@code [fanOut,
 * fanIn * k * k]}: that flattened matrix is semi-orthogonal, not each of its k·k slices.
 *
 * @param scale every singular value of the result, finite and not negative
 */
public record SemiOrthogonalInitializer(double scale) implements Initializer {
  /**
   * Checks the scale.
   *
   * @param scale every singular value of the result, finite and not negative
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public SemiOrthogonalInitializer {
    Draws.finiteNotNegative("the scale of a semi-orthogonal initialiser", scale);
  }

  @Override
  public Tensor draw(Tensor like, Generator generator) {
    long[] sides = Draws.matrixShape(like, "semi-orthogonal initialisation");
    boolean wide = sides[0] < sides[1];
    Tensor tall =
        Draws.gaussian(like, generator, Math.max(sides[0], sides[1]), Math.min(sides[0], sides[1]));
    try (T_TensorTensor_T factors = torch.linalg_qr(tall, "reduced")) {
      // Not sign(): a zero on the diagonal must not erase a column.
      Tensor signs = factors.get1().diagonal().sgn().add(new Scalar(0.5)).sgn();
      Tensor q = factors.get0().mul(signs).mul_(new Scalar(scale));
      return (wide ? q.t() : q).reshape(Tensors.shape(like));
    }
  }
}
