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
 * its Frobenius norm plus ε, so that no singular value exceeds 1; each step is then {@code X ← (a·I
 * + b·A + c·A²)·X} with {@code A = X·Xᵀ}, or {@code X·(a·I + b·A + c·A²)} with {@code A = Xᵀ·X}
 * where that is the smaller of the two Gram matrices.
 *
 * <p>The square is completed, {@code a·I + b·A + c·A² = c·(A + s·I)² + (a − c·s²)·I} with {@code s
 * = b/(2c)}, so that between the products only diagonals are touched: a sum of whole matrices would
 * be another pass over memory. Of {@code A} and its square one triangle is computed, in single
 * precision on the CPU and for matrices that are not small.
 *
 * @param iteration the polynomials
 * @param bfloat16 whether to compute in bfloat16, faster where there are instructions for it, in
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

  @Override
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
      Buffers buffers = Buffers.of((bfloat16 ? unit.to(ScalarType.BFloat16) : unit).contiguous());
      for (OddQuintic step : iteration.steps()) {
        buffers.step(step);
      }
      return buffers.x.to(type).retainReference();
    }
  }

  /** The iterate and room for the next: no step asks for memory. */
  private static final class Buffers {
    private final SymmetricProducts products;
    private final boolean tall;
    private final Tensor gram;
    private final Tensor inner;
    private Tensor x;
    private Tensor next;

    private Buffers(
        SymmetricProducts products,
        boolean tall,
        Tensor gram,
        Tensor inner,
        Tensor x,
        Tensor next) {
      this.products = products;
      this.tall = tall;
      this.gram = gram;
      this.inner = inner;
      this.x = x;
      this.next = next;
    }

    static Buffers of(Tensor x) {
      boolean tall = x.size(-2) > x.size(-1);
      Tensor square = tall ? x.narrow(-2, 0, x.size(-1)) : x.narrow(-1, 0, x.size(-2));
      return new Buffers(
          SymmetricProducts.of(x),
          tall,
          torch.empty_like(square),
          torch.empty_like(square),
          x,
          torch.empty_like(x));
    }

    void step(OddQuintic polynomial) {
      try (PointerScope scope = new PointerScope()) {
        products.gram(gram, x, tall);
        products.apply(next, evaluate(polynomial), x, tall);
      }
      Tensor old = x;
      x = next;
      next = old;
    }

    /** {@code a·I + b·A + c·A²} of the Gram matrix A, which is lost. */
    private Tensor evaluate(OddQuintic polynomial) {
      if (polynomial.c() == 0) {
        gram.mul_(new Scalar(polynomial.b()));
        addToDiagonal(gram, polynomial.a());
        return gram;
      }
      double shift = polynomial.b() / (2 * polynomial.c());
      addToDiagonal(gram, shift);
      products.square(inner, polynomial.c(), gram);
      addToDiagonal(inner, polynomial.a() - polynomial.c() * shift * shift);
      return inner;
    }

    private static void addToDiagonal(Tensor square, double number) {
      square.diagonal(0, -2, -1).add_(new Scalar(number));
    }
  }
}
