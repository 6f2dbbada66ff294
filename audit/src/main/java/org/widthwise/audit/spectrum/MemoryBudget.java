package org.widthwise.audit.spectrum;

import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/** Lets searches run at a time as long as what they need together stays within bounds. */
final class MemoryBudget {

  /** What searches may hold together. */
  private static final int MEBIBYTES = 768;

  /** The vectors that the search keeps, and as many again while it restarts. */
  private static final long BASIS = 96;

  private final Semaphore free = new Semaphore(MEBIBYTES, true);

  /** The bytes that a search needs for its matrix and its vectors. */
  static long bytes(TensorLayout layout) {
    long rows = layout.rows();
    long columns = layout.columns();
    if (Math.min(rows, columns) == 1) {
      return 0;
    }
    long entries = layout.sliceElements();
    long matrix = entries <= CheckpointMatrix.MOST_HELD ? entries : CheckpointMatrix.BLOCK;
    long vectors = Math.min(BASIS, Math.min(rows, columns)) + 8;
    return matrix * Float.BYTES + vectors * (rows + columns) * Double.BYTES;
  }

  /** Whether there can ever be room. */
  static boolean isEnoughFor(TensorLayout layout) {
    return bytes(layout) >> 20 <= MEBIBYTES;
  }

  /** Waits for room, then runs. */
  <T> T run(TensorLayout layout, Callable<T> search) throws Exception {
    int permits = (int) Math.min(MEBIBYTES, (bytes(layout) >> 20) + 1);
    free.acquire(permits);
    try {
      return search.call();
    } finally {
      free.release(permits);
    }
  }
}
