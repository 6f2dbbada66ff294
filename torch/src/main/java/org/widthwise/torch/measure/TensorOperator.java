package org.widthwise.torch.measure;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.spectral.LinearOperator;
import org.widthwise.torch.engine.Tensors;

/**
 * A matrix in a tensor as a linear operator, its products computed by libtorch in the tensor's own
 * precision and on its device, to and from which vectors are copied. Entries so large or small that
 * single precision could not hold their products are copied to double precision first.
 *
 * <p>Holds native memory: close it. Not for use by several threads at a time.
 */
public final class TensorOperator implements LinearOperator, AutoCloseable {

  /** Products of entries within these bounds neither overflow nor vanish in single precision. */
  private static final double SMALLEST_SAFE = 1e-15;

  private static final double LARGEST_SAFE = 1e15;

  private final Tensor matrix;
  private final Tensor transposed;
  private final Vector input;
  private final Vector output;

  private TensorOperator(Tensor matrix, boolean copies) {
    this.matrix = matrix;
    this.transposed = matrix.t();
    this.input = Vector.beside(matrix, matrix.size(1), copies);
    this.output = Vector.beside(matrix, matrix.size(0), copies);
  }

  /**
   * A matrix as an operator. The tensor must stay alive and unchanged until it is closed.
   *
   * @param matrix floating point, shape {@code [rows, columns]}; half precisions are copied to
   *     single precision
   * @return the operator
   * @throws IllegalArgumentException if the tensor is no matrix, or not of a floating-point type
   * @throws ArithmeticException if an entry is NaN or infinite
   */
  public static TensorOperator of(Tensor matrix) {
    Tensor stored = stored(matrix);
    return new TensorOperator(stored, !stored.is_cpu());
  }

  /** Copies vectors to and fro on the CPU too, as it must for another device. */
  static TensorOperator copying(Tensor matrix) {
    return new TensorOperator(stored(matrix), true);
  }

  private static Tensor stored(Tensor matrix) {
    if (matrix.dim() != 2) {
      throw new IllegalArgumentException(
          "a spectral norm is that of a matrix [rows, columns], but the tensor has %d dimensions"
              .formatted(matrix.dim()));
    }
    if (!matrix.is_floating_point()) {
      throw new IllegalArgumentException(
          "a spectral norm needs floating-point entries, not " + matrix.scalar_type());
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor plain = matrix.detach();
      Tensor stored = plain.toType(precision(plain)).contiguous();
      return stored.retainReference();
    }
  }

  private static ScalarType precision(Tensor matrix) {
    if (matrix.numel() == 0) {
      return ScalarType.Double;
    }
    double largest = largestEntry(matrix);
    if (!Double.isFinite(largest)) {
      throw new ArithmeticException(
          "a matrix with %s entries has no spectral norm"
              .formatted(Double.isNaN(largest) ? "NaN" : "infinite"));
    }
    boolean safe = largest == 0 || (largest >= SMALLEST_SAFE && largest <= LARGEST_SAFE);
    return matrix.scalar_type().intern() == ScalarType.Double || !safe
        ? ScalarType.Double
        : ScalarType.Float;
  }

  /** NaN if there is one. One pass at the speed of memory, which a norm of order ∞ is far from. */
  private static double largestEntry(Tensor matrix) {
    try (T_TensorTensor_T ends = torch.aminmax(matrix)) {
      return Math.max(Math.abs(ends.get0().item_double()), Math.abs(ends.get1().item_double()));
    }
  }

  /**
   * Whether products are computed in single precision.
   *
   * @return false if in double precision
   */
  public boolean isSinglePrecision() {
    return matrix.scalar_type().intern() == ScalarType.Float;
  }

  @Override
  public int rows() {
    return Math.toIntExact(matrix.size(0));
  }

  @Override
  public int columns() {
    return Math.toIntExact(matrix.size(1));
  }

  @Override
  public void apply(double[] x, double[] y) {
    multiply(matrix, input, x, output, y);
  }

  @Override
  public void applyTransposed(double[] y, double[] x) {
    multiply(transposed, output, y, input, x);
  }

  private static void multiply(
      Tensor by, Vector from, double[] source, Vector to, double[] target) {
    from.put(source);
    try (NoGradGuard guard = new NoGradGuard();
        Tensor result = torch.mv_out(to.there, by, from.there)) {
      to.get(target);
    }
  }

  @Override
  public void close() {
    input.close();
    output.close();
    transposed.close();
    matrix.close();
  }

  /** A native vector on the CPU with a view of its memory, and where the matrix is. */
  private static final class Vector {

    private final Tensor here;
    private final Tensor there;
    private final boolean copies;
    private final @Nullable FloatPointer floats;
    private final @Nullable DoublePointer doubles;
    private final float[] buffer;

    private Vector(Tensor here, Tensor there, boolean copies) {
      this.here = here;
      this.there = there;
      this.copies = copies;
      boolean single = Tensors.type(here) == ScalarType.Float;
      floats = single ? here.data_ptr_float() : null;
      doubles = single ? null : here.data_ptr_double();
      buffer = new float[single ? Math.toIntExact(here.numel()) : 0];
    }

    static Vector beside(Tensor matrix, long length, boolean copies) {
      Tensor there = Tensors.zerosBeside(matrix, length);
      if (!copies) {
        return new Vector(there, there, false);
      }
      try (Tensor zeros = there.cpu()) {
        return new Vector(zeros.clone(), there, true);
      }
    }

    void put(double[] values) {
      if (doubles != null) {
        doubles.put(values, 0, values.length);
      } else if (floats != null) {
        for (int i = 0; i < values.length; i++) {
          buffer[i] = (float) values[i];
        }
        floats.put(buffer, 0, buffer.length);
      }
      copy(here, there);
    }

    void get(double[] values) {
      copy(there, here);
      if (doubles != null) {
        doubles.get(values, 0, values.length);
      } else if (floats != null) {
        floats.get(buffer, 0, buffer.length);
        for (int i = 0; i < values.length; i++) {
          values[i] = buffer[i];
        }
      }
    }

    /** Unless the two are one, as on the CPU. */
    private void copy(Tensor from, Tensor to) {
      if (copies) {
        to.copy_(from);
      }
    }

    void close() {
      here.close();
      if (copies) {
        there.close();
      }
    }
  }
}
