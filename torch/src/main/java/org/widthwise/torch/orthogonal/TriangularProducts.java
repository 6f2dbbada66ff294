package org.widthwise.torch.orthogonal;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasLeft;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasLower;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRight;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_ssymm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_ssyrk;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.Tensors;

/**
 * By BLAS, in single precision on the CPU: of a symmetric result only the triangle below the
 * diagonal is computed, which takes half of the multiplications. Two of the three products of a
 * step have one, so that a step takes little more than two products in place of three. libtorch has
 * no such products.
 *
 * <p>Tensors are contiguous.
 */
final class TriangularProducts implements SymmetricProducts {

  /**
   * Below, what the copying of a triangle costs, and what OpenBLAS loses with several threads and
   * small triangles, is about as much as what multiplications save.
   */
  private static final long SMALLEST_SIDE = 256;

  private static final long FEWEST_ENTRIES = 384 * 384;

  /** Rows and columns copied at a time, so that what is read a column at a time stays near. */
  private static final int TILE = 16;

  /** Whether these products can be had, and are faster than whole ones, for an iterate. */
  static boolean suit(Tensor x) {
    long side = Math.min(x.size(-1), x.size(-2));
    return x.is_cpu()
        && Tensors.type(x) == ScalarType.Float
        && side >= SMALLEST_SIDE
        && x.size(-1) * x.size(-2) >= FEWEST_ENTRIES
        && side * side <= Integer.MAX_VALUE;
  }

  @Override
  public void gram(Tensor out, Tensor x, boolean tall) {
    int depth = length(x, tall ? -2 : -1);
    int transposed = tall ? CblasTrans : CblasNoTrans;
    for (long map = 0; map < maps(x); map++) {
      rankUpdate(map(out, map), length(out, -1), 1, map(x, map), depth, transposed);
    }
  }

  @Override
  public void square(Tensor out, double factor, Tensor symmetric) {
    int side = length(symmetric, -1);
    for (long map = 0; map < maps(symmetric); map++) {
      FloatPointer whole = map(symmetric, map);
      mirror(whole.asBuffer(), side);
      rankUpdate(map(out, map), side, factor, whole, side, CblasNoTrans);
    }
  }

  /** The lower triangle of {@code factor·M·Mᵀ}, or of {@code factor·Mᵀ·M}. */
  private static void rankUpdate(
      FloatPointer out, int side, double factor, FloatPointer matrix, int depth, int transposed) {
    int stride = transposed == CblasTrans ? side : depth;
    cblas_ssyrk(
        CblasRowMajor,
        CblasLower,
        transposed,
        side,
        depth,
        (float) factor,
        matrix,
        stride,
        0,
        out,
        side);
  }

  @Override
  public void apply(Tensor out, Tensor symmetric, Tensor x, boolean tall) {
    int rows = length(x, -2);
    int columns = length(x, -1);
    for (long map = 0; map < maps(x); map++) {
      cblas_ssymm(
          CblasRowMajor,
          tall ? CblasRight : CblasLeft,
          CblasLower,
          rows,
          columns,
          1,
          map(symmetric, map),
          length(symmetric, -1),
          map(x, map),
          columns,
          0,
          map(out, map),
          columns);
    }
  }

  private static int length(Tensor tensor, long dimension) {
    return Math.toIntExact(tensor.size(dimension));
  }

  private static long maps(Tensor tensor) {
    return tensor.dim() == 2 ? 1 : tensor.size(0);
  }

  private static FloatPointer map(Tensor tensor, long map) {
    long entries = tensor.size(-2) * tensor.size(-1);
    return tensor.data_ptr_float().getPointer(map * entries).capacity(entries);
  }

  /** Copies what is below the diagonal to above it, row by row of what is written. */
  private static void mirror(FloatBuffer square, int side) {
    for (int left = 0; left < side; left += TILE) {
      for (int top = left; top < side; top += TILE) {
        for (int j = left; j < Math.min(side, left + TILE); j++) {
          for (int i = Math.max(top, j + 1); i < Math.min(side, top + TILE); i++) {
            square.put(j * side + i, square.get(i * side + j));
          }
        }
      }
    }
  }
}
