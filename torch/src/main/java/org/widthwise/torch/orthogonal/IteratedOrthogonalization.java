package org.widthwise.torch.orthogonal;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.spectral.OddQuintic;
import org.widthwise.core.spectral.PolarIteration;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.measure.TensorNorms;

/**
 * Orthogonalisation by polynomials, products of matrices and nothing else. The matrix is divided by
 * its Frobenius norm plus ε, so that no singular value exceeds 1, and turned so that {@code X·Xᵀ}
 * is the smaller of its two Gram matrices; each step is then {@code X ← a·X + (b·A + c·A²)·X} with
 * {@code A = X·Xᵀ}.
 *
 * @param iteration the polynomials
 * @param bfloat16 whether to compute in bfloat16, twice as fast where there is hardware for it, in
 *     place of the tensor's own precision; the norm is found before
 */
public record IteratedOrthogonalization(PolarIteration iteration, boolean bfloat16)
    implements Orthogonalization {

  /**
   * An iteration in the tensor's own precision.
   *
   * @param iteration the polynomials
   * @return the orthogonalisation
   */
  public static IteratedOrthogonalization of(PolarIteration iteration) {
    return new IteratedOrthogonalization(iteration, false);
  }

  /**
   * The same in bfloat16.
   *
   * @return the orthogonalisation
   */
  public IteratedOrthogonalization inBfloat16() {
    return new IteratedOrthogonalization(iteration, true);
  }

  @Override
  public Tensor of(Tensor matrices, double epsilon) {
    Shapes.requireMatrices(matrices);
    ScalarType type = Tensors.type(matrices);
    Tensor unit = TensorNorms.overNorms(matrices, TensorNorms.frobeniusOfMaps(matrices), epsilon);
    boolean tall = matrices.size(-2) > matrices.size(-1);
    Tensor x = tall ? unit.transpose(-2, -1) : unit;
    if (bfloat16) {
      x = x.to(ScalarType.BFloat16);
    }
    for (OddQuintic step : iteration.steps()) {
      x = step(step, x);
    }
    return (tall ? x.transpose(-2, -1) : x).to(type);
  }

  private static Tensor step(OddQuintic polynomial, Tensor x) {
    Tensor gram = x.matmul(x.transpose(-2, -1));
    Tensor inner =
        polynomial.c() == 0
            ? gram.mul(new Scalar(polynomial.b()))
            : sumOfProducts(polynomial.b(), gram, polynomial.c(), gram, gram);
    return sumOfProducts(polynomial.a(), x, 1, inner, x);
  }

  /** first·m + second·(left·right). */
  private static Tensor sumOfProducts(
      double first, Tensor m, double second, Tensor left, Tensor right) {
    Scalar beta = new Scalar(first);
    Scalar alpha = new Scalar(second);
    return m.dim() == 2
        ? torch.addmm(m, left, right, beta, alpha)
        : torch.baddbmm(m, left, right, beta, alpha);
  }
}
