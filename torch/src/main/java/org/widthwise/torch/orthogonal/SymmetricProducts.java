package org.widthwise.torch.orthogonal;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The three products of a step of an {@linkplain IteratedOrthogonalization iteration}: two whose
 * result is symmetric, and one whose left or right factor is.
 *
 * <p>Matrices are maps {@code [fanOut, fanIn]} or stacks of them. What stands above the diagonal of
 * a symmetric result is for nobody but these products, for not all of them fill it.
 */
interface SymmetricProducts {

  /** {@code X·Xᵀ} goes to out, or {@code Xᵀ·X} if tall. */
  void gram(Tensor out, Tensor x, boolean tall);

  /** {@code factor·S²} goes to out. */
  void square(Tensor out, double factor, Tensor symmetric);

  /** {@code S·X} goes to out, or {@code X·S} if tall. */
  void apply(Tensor out, Tensor symmetric, Tensor x, boolean tall);

  /** The fastest way for an iterate. */
  static SymmetricProducts of(Tensor x) {
    return TriangularProducts.suit(x) ? new TriangularProducts() : new Whole();
  }

  /** By libtorch, on every device and in every precision, all entries of every result. */
  final class Whole implements SymmetricProducts {

    @Override
    public void gram(Tensor out, Tensor x, boolean tall) {
      Tensor turned = x.transpose(-2, -1);
      multiply(out, 1, tall ? turned : x, tall ? x : turned);
    }

    @Override
    public void square(Tensor out, double factor, Tensor symmetric) {
      multiply(out, factor, symmetric, symmetric);
    }

    @Override
    public void apply(Tensor out, Tensor symmetric, Tensor x, boolean tall) {
      multiply(out, 1, tall ? x : symmetric, tall ? symmetric : x);
    }

    /** out ← factor·left·right. */
    private static void multiply(Tensor out, double factor, Tensor left, Tensor right) {
      Scalar none = new Scalar(0.0); // What was in out, NaN perhaps, does not count.
      Scalar alpha = new Scalar(factor);
      if (out.dim() == 2) {
        torch.addmm_out(out, out, left, right, none, alpha);
      } else {
        torch.baddbmm_out(out, out, left, right, none, alpha);
      }
    }
  }
}
