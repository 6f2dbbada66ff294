package org.widthwise.torch.measure;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.engine.Tensors;

/**
 * ℓ²-norms of long tensors in single precision on the CPU: of short chunks in single precision, and
 * of these in double. Relative errors are about 10⁻⁸. libtorch on its own would convert the whole
 * tensor to double precision first, and where pages of fresh memory are slow to come, that takes a
 * hundred times as long as the sum.
 */
final class ChunkedNorm {

  /** Few roundings add up in a chunk, and still the chunks are few. */
  private static final long CHUNK = 256;

  private static final long LONG = 1 << 17;

  /** Above this, entries whose squares vanish in single precision do not count. */
  private static final double SMALLEST = 1e-10;

  private ChunkedNorm() {}

  /** Whether a tensor is of the kind, and so long that its conversion would be felt. */
  static boolean suits(Tensor tensor) {
    return tensor.numel() > LONG
        && tensor.is_cpu()
        && tensor.is_contiguous()
        && Tensors.type(tensor) == ScalarType.Float;
  }

  /**
   * The norm of each row.
   *
   * @param rows on the CPU, contiguous, {@code [count, length]}
   * @return float64, {@code [count]}, of the caller's scope; null if squares overflow or vanish in
   *     single precision, or an entry is not finite
   */
  static @Nullable Tensor ofRows(Tensor rows) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      long count = rows.size(0);
      long whole = rows.size(1) / CHUNK * CHUNK;
      Tensor chunks = rows.narrow(1, 0, whole).view(count, whole / CHUNK, CHUNK);
      Tensor rest = rows.narrow(1, whole, rows.size(1) - whole);
      Tensor norms =
          torch.hypot(summed(single(chunks)), single(rest).to(ScalarType.Double)).contiguous();
      double smallest = norms.min().item_double();
      return smallest >= SMALLEST && norms.max().item_double() < Double.POSITIVE_INFINITY
          ? norms.retainReference()
          : null;
    }
  }

  private static Tensor single(Tensor tensor) {
    return norm(tensor, new ScalarTypeOptional());
  }

  private static Tensor summed(Tensor norms) {
    return norm(norms, new ScalarTypeOptional(ScalarType.Double));
  }

  private static Tensor norm(Tensor tensor, ScalarTypeOptional type) {
    return torch.linalg_vector_norm(tensor, new Scalar(2.0), new long[] {-1}, false, type);
  }
}
