package org.widthwise.audit.spectrum;

import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/** Lets searches run at a time as long as what they need together stays within bounds. */
final class MemoryBudget {

  /** What searches may hold together. */
  private static final int MEBIBYTES = 768;

  /** The vectors that the search keeps, and as many again while it restarts. */
  private static final long BASIS = 96;

  /** The same of a search for the most leading values, with those that are found already. */
  private static final long LEADING_BASIS = 2 * (2L * SpectrumSearch.MOST_OUTLIERS + BASIS / 2);

  private final Semaphore free = new Semaphore(MEBIBYTES, true);

  /**
   * The bytes that the searches for one tensor need, of which one runs after the other.
   *
   * @param layout how its matrices lie
   * @param spectrum whether its distribution is searched for, too
   */
  static long bytes(TensorLayout layout, boolean spectrum) {
    long rows = layout.rows();
    long columns = layout.columns();
    if (Math.min(rows, columns) == 1 && layout.slices() == 1) {
      return 0;
    }
    long sizes =
        Math.max(lanczos(layout, BASIS), layout.positions() == 1 ? 0 : convolution(layout));
    if (!spectrum) {
      return sizes;
    }
    long small = Math.min(rows, columns);
    long distribution =
        SpectrumSearch.isByGram(layout)
            ? (layout.sliceElements() + small * small) * Double.BYTES
            : lanczos(layout, LEADING_BASIS);
    return Math.max(sizes, distribution);
  }

  /** The kernel twice, and vectors at most as long as if all positions were on one side. */
  private static long convolution(TensorLayout layout) {
    if (layout.elements() > CheckpointMatrix.MOST_HELD) {
      return 0;
    }
    long sides = layout.positions() * Math.max(layout.rows(), layout.columns());
    sides += Math.min(layout.rows(), layout.columns());
    return 2 * layout.elements() * Float.BYTES + (BASIS + 8) * sides * Double.BYTES;
  }

  private static long lanczos(TensorLayout layout, long basis) {
    long rows = layout.rows();
    long columns = layout.columns();
    long entries = layout.sliceElements();
    long matrix = entries <= CheckpointMatrix.MOST_HELD ? entries : CheckpointMatrix.BLOCK;
    long vectors = Math.min(basis, Math.min(rows, columns)) + 8;
    return matrix * Float.BYTES + vectors * (rows + columns) * Double.BYTES;
  }

  /** Whether there can ever be room. */
  static boolean isEnoughFor(TensorLayout layout, boolean spectrum) {
    return bytes(layout, spectrum) >> 20 <= MEBIBYTES;
  }

  /** Waits for room, then runs. */
  <T> T run(AuditPlan.Item item, Callable<T> search) throws Exception {
    int permits = (int) Math.min(MEBIBYTES, (bytes(item.layout(), item.spectrum()) >> 20) + 1);
    free.acquire(permits);
    try {
      return search.call();
    } finally {
      free.release(permits);
    }
  }
}
