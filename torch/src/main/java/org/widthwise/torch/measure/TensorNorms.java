package org.widthwise.torch.measure;

import java.util.Arrays;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.spectral.GolubKahanLanczos;
import org.widthwise.core.spectral.LinearOperator;
import org.widthwise.core.spectral.SingularTriplet;
import org.widthwise.torch.engine.Tensors;

/** Norms of matrices in tensors, on whatever device these are. */
public final class TensorNorms {

  /** What products in single precision support, far below what any figure shows. */
  private static final double SINGLE_PRECISION_TOLERANCE = 5e-7;

  private static final double DOUBLE_PRECISION_TOLERANCE = 1e-10;

  /** Far more than a search for one value takes in most cases. */
  private static final int FEWEST_ITERATIONS = 500;

  /** Where a search and all singular values by LAPACK take about the same time. */
  private static final long SMALL_SIDE = 64;

  private static final long SMALL_ENTRIES = 1 << 17;

  private TensorNorms() {}

  /**
   * The largest singular value with its vectors.
   *
   * @param matrix floating point, shape {@code [rows, columns]}
   * @return the triplet, to a relative accuracy of 10⁻⁶ in single and 10⁻¹⁰ in double precision
   * @throws IllegalArgumentException if the tensor is no matrix, or not of a floating-point type
   * @throws ArithmeticException if an entry is NaN or infinite
   */
  public static SingularTriplet largest(Tensor matrix) {
    return largest(matrix, GolubKahanLanczos::largest);
  }

  /**
   * The largest singular value with its vectors, from a guess such as the right singular vector of
   * the matrix before it changed a little. A bad guess costs products and nothing else.
   *
   * @param matrix floating point, shape {@code [rows, columns]}
   * @param start the guess, one entry per column, finite and not all zero
   * @return the triplet, to a relative accuracy of 10⁻⁶ in single and 10⁻¹⁰ in double precision
   * @throws IllegalArgumentException if the tensor is no matrix, or not of a floating-point type,
   *     or the guess does not suit
   * @throws ArithmeticException if an entry is NaN or infinite
   */
  public static SingularTriplet largest(Tensor matrix, double[] start) {
    return largest(matrix, (search, operator) -> search.largest(operator, start));
  }

  private static SingularTriplet largest(
      Tensor matrix, BiFunction<GolubKahanLanczos, LinearOperator, SingularTriplet> search) {
    try (PointerScope scope = new PointerScope();
        TensorOperator operator = TensorOperator.of(matrix)) {
      int smaller = Math.toIntExact(Math.min(operator.rows(), operator.columns()));
      GolubKahanLanczos settings =
          GolubKahanLanczos.withDefaults()
              .withMaxIterations(Math.max(FEWEST_ITERATIONS, 2 * smaller))
              .withRelativeTolerance(
                  operator.isSinglePrecision()
                      ? SINGLE_PRECISION_TOLERANCE
                      : DOUBLE_PRECISION_TOLERANCE);
      SingularTriplet triplet = search.apply(settings, operator);
      return triplet.converged() ? triplet : ofGramMatrix(matrix, triplet);
    }
  }

  /**
   * Where a search cannot tell, in single precision mostly for a matrix with very many singular
   * values as large as the first but for rounding: by the eigenvectors of the smaller Gram matrix,
   * in double precision. Squares lose half of the digits of small singular values, but none of the
   * largest.
   */
  private static SingularTriplet ofGramMatrix(Tensor matrix, SingularTriplet given) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor wide = matrix.detach().to(ScalarType.Double);
      Tensor scaled = wide.div(wide.abs().max());
      boolean tall = matrix.size(0) > matrix.size(1);
      Tensor rows = tall ? scaled.t() : scaled;
      Tensor near = torch.linalg_eigh(rows.matmul(rows.t())).get1().select(1, -1);
      Tensor far = rows.t().matmul(near);
      double value = far.norm().item_double();
      double[] nearEntries = entries(near);
      double[] farEntries = entries(far.div(new Scalar(value)));
      return new SingularTriplet(
          value * wide.abs().max().item_double(),
          tall ? farEntries : nearEntries,
          tall ? nearEntries : farEntries,
          given.iterations(),
          given.products(),
          true,
          DOUBLE_PRECISION_TOLERANCE);
    }
  }

  private static double[] entries(Tensor vector) {
    double[] entries = new double[Math.toIntExact(vector.numel())];
    vector.cpu().contiguous().data_ptr_double().get(entries);
    return entries;
  }

  /**
   * The spectral norm.
   *
   * @param matrix floating point, shape {@code [rows, columns]}
   * @return ‖A‖₂, to the accuracy of {@link #largest}
   * @throws IllegalArgumentException if the tensor is no matrix, or not of a floating-point type
   * @throws ArithmeticException if an entry is NaN or infinite
   */
  public static double spectral(Tensor matrix) {
    return isSmall(matrix) ? ofSmall(matrix) : largest(matrix).value();
  }

  /**
   * The spectral norm to a given accuracy.
   *
   * @param matrix floating point, shape {@code [rows, columns]}
   * @param relativeTolerance the relative error at which to stop, from 10⁻¹⁴ to 0.1; no less than
   *     what {@link #largest} reaches is reached
   * @return ‖A‖₂
   * @throws IllegalArgumentException if the tensor is no matrix, or not of a floating-point type,
   *     or the tolerance is out of range
   * @throws ArithmeticException if an entry is NaN or infinite
   */
  public static double spectral(Tensor matrix, double relativeTolerance) {
    GolubKahanLanczos search =
        GolubKahanLanczos.withDefaults().withRelativeTolerance(relativeTolerance);
    if (isSmall(matrix)) {
      return ofSmall(matrix);
    }
    try (TensorOperator operator = TensorOperator.of(matrix)) {
      return search.largest(operator).value();
    }
  }

  /** Whether LAPACK has all singular values before a search has the first. */
  private static boolean isSmall(Tensor matrix) {
    return matrix.dim() == 2
        && Math.min(matrix.size(0), matrix.size(1)) <= SMALL_SIDE
        && matrix.numel() > 0
        && matrix.numel() <= SMALL_ENTRIES;
  }

  /** Without vectors, in double precision, and on the CPU, which small matrices reach soon. */
  private static double ofSmall(Tensor matrix) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        TensorOperator checked = TensorOperator.of(matrix)) {
      Tensor here = matrix.detach().cpu().to(ScalarType.Double);
      return torch.linalg_svdvals(here).select(0, 0).item_double();
    }
  }

  /**
   * The Frobenius norm of a matrix, the ℓ²-norm of a tensor of any shape, summed in double
   * precision, or for long tensors in single precision to a relative accuracy of 10⁻⁷.
   *
   * @param tensor floating point
   * @return ‖A‖_F
   */
  public static double frobenius(Tensor tensor) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      // The norm is that of the transposed matrix, and this may be the one that lies in order.
      Tensor plain = tensor.dim() == 2 && !tensor.is_contiguous() ? tensor.t() : tensor;
      return norms(plain, new long[0], 1, new long[0]).item_double();
    }
  }

  /**
   * The Frobenius norm of each map of a stack, to the accuracy of {@link #frobenius}. Nothing waits
   * for a device other than the CPU.
   *
   * @param maps floating point, a matrix {@code [fan_out, fan_in]}, a stack {@code [maps, fan_out,
   *     fan_in]} or a vector {@code [n]}
   * @return float64, of as many dimensions, the last two of them 1 (a vector's only one)
   */
  public static Tensor frobeniusOfMaps(Tensor maps) {
    int dimensions = Math.toIntExact(maps.dim());
    long[] shape = Tensors.shape(maps);
    int kept = Math.max(0, dimensions - 2);
    long count = 1;
    for (int i = 0; i < kept; i++) {
      count *= shape[i];
    }
    Arrays.fill(shape, kept, dimensions, 1);
    return norms(maps, dimensions < 2 ? new long[0] : new long[] {-2, -1}, count, shape);
  }

  /**
   * Norms over some dimensions, the last ones.
   *
   * @param over the dimensions; none for all
   * @param count how many norms there are
   * @param shape of the result
   */
  private static Tensor norms(Tensor tensor, long[] over, long count, long[] shape) {
    if (ChunkedNorm.suits(tensor)) {
      Tensor norms = ChunkedNorm.ofRows(tensor.detach().view(count, -1));
      if (norms != null) {
        return norms.view(shape);
      }
    }
    return torch
        .linalg_vector_norm(
            tensor, new Scalar(2.0), over, false, new ScalarTypeOptional(ScalarType.Double))
        .view(shape);
  }

  /**
   * Each map of a stack over a norm of it: zeros where the norm is 0, and NaN throughout where it
   * is not finite, for then neither is the map.
   *
   * @param maps the maps, as for {@link #frobeniusOfMaps}
   * @param norms their norms, not negative, of a shape as {@link #frobeniusOfMaps} gives it
   * @param epsilon added to every norm
   * @return the quotient, a new tensor of the maps' shape and type
   */
  public static Tensor overNorms(Tensor maps, Tensor norms, double epsilon) {
    Tensor divisors =
        norms
            .add(new Scalar(epsilon))
            .masked_fill_(norms.eq(new Scalar(0.0)), new Scalar(1.0))
            .masked_fill_(torch.isfinite(norms).logical_not(), new Scalar(Double.NaN));
    return maps.div(divisors.to(maps.device(), Tensors.type(maps)));
  }

  /**
   * Both norms, from which stable rank, entry size and natural norm follow.
   *
   * @param matrix floating point, shape {@code [fan_out, fan_in]}
   * @return its sizes
   * @throws IllegalArgumentException if the tensor is no matrix, or not of a floating-point type
   * @throws ArithmeticException if an entry is NaN or infinite
   */
  public static MatrixNorms of(Tensor matrix) {
    double spectral = spectral(matrix);
    return new MatrixNorms(new Fans(matrix.size(1), matrix.size(0)), spectral, frobenius(matrix));
  }
}
