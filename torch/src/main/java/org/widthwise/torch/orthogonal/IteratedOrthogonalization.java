package org.widthwise.torch.orthogonal;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
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
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      ScalarType type = Tensors.type(matrices);
      Tensor plain = matrices.detach();
      Tensor unit = TensorNorms.overNorms(plain, TensorNorms.frobeniusOfMaps(plain), epsilon);
      boolean tall = matrices.size(-2) > matrices.size(-1);
      Tensor x = (tall ? unit.transpose(-2, -1) : unit).contiguous();
      if (bfloat16) {
        x = x.to(ScalarType.BFloat16);
      }
      Buffers buffers = Buffers.like(x);
      for (OddQuintic step : iteration.steps()) {
        buffers.step(step);
      }
      Tensor result = buffers.x;
      return (tall ? result.transpose(-2, -1) : result).to(type).retainReference();
    }
  }

  /** The iterate and room for the next: no step asks for memory. */
  private static final class Buffers {
    private final Tensor gram;
    private final Tensor inner;
    private Tensor x;
    private Tensor next;

    private Buffers(Tensor gram, Tensor inner, Tensor x, Tensor next) {
      this.gram = gram;
      this.inner = inner;
      this.x = x;
      this.next = next;
    }

    static Buffers like(Tensor x) {
      Tensor square = x.narrow(-1, 0, x.size(-2));
      return new Buffers(
          torch.empty_like(square), torch.empty_like(square), x, torch.empty_like(x));
    }

    void step(OddQuintic polynomial) {
      try (PointerScope scope = new PointerScope()) {
        torch.matmul_out(gram, x, x.transpose(-2, -1));
        if (polynomial.c() == 0) {
          inner.copy_(gram).mul_(new Scalar(polynomial.b()));
        } else {
          sumOfProducts(inner, polynomial.b(), gram, polynomial.c(), gram, gram);
        }
        sumOfProducts(next, polynomial.a(), x, 1, inner, x);
      }
      Tensor old = x;
      x = next;
      next = old;
    }

    /** out ← first·m + second·(left·right). */
    private static void sumOfProducts(
        Tensor out, double first, Tensor m, double second, Tensor left, Tensor right) {
      Scalar beta = new Scalar(first);
      Scalar alpha = new Scalar(second);
      if (m.dim() == 2) {
        torch.addmm_out(out, m, left, right, beta, alpha);
      } else {
        torch.baddbmm_out(out, m, left, right, beta, alpha);
      }
    }
  }
}
