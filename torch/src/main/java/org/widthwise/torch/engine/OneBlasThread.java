package org.widthwise.torch.engine;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * While open, operations called from the thread that opened it run on that thread alone. This is
 * how many small networks train fastest on one machine: each on its own Java thread, none waiting
 * for another.
 *
 * <p>libtorch keeps its number of threads per thread, OpenBLAS one number for the process: the
 * latter stays 1 until the last open scope, on whatever thread, is closed, and is then what it was
 * before the first. Close it on the thread that opened it.
 */
public final class OneBlasThread implements AutoCloseable {
  /** Guards the counts below, which mirror a number OpenBLAS holds for the process. */
  private static final BlasCount BLAS = new BlasCount();

  private final Thread owner = Thread.currentThread();
  private final int threadsBefore;
  private boolean open = true;

  private OneBlasThread(int threadsBefore) {
    this.threadsBefore = threadsBefore;
  }

  /**
   * Opens the scope for the calling thread.
   *
   * @return the scope, to be closed on the same thread
   */
  public static OneBlasThread open() {
    Libtorch.load();
    int before = torch.get_num_threads();
    torch.set_num_threads(1);
    // After libtorch, whose setter may change the number of OpenBLAS too.
    BLAS.enter();
    return new OneBlasThread(before);
  }

  /**
   * Puts back the number of threads there was; a second call does nothing.
   *
   * @throws IllegalStateException if called on another thread than the one that opened the scope
   */
  @Override
  public void close() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a one-thread scope must be closed on the thread that opened it ("
              + owner.getName()
              + "), but was closed on "
              + Thread.currentThread().getName());
    }
    if (open) {
      open = false;
      torch.set_num_threads(threadsBefore);
      BLAS.leave();
    }
  }

  private static final class BlasCount {
    private int scopes;
    private int threadsBefore = 1;

    synchronized void enter() {
      if (scopes == 0) {
        int before = openblas_nolapack.blas_get_num_threads();
        // Negative as long as nobody has set it: OpenBLAS then uses every processor.
        threadsBefore = before > 0 ? before : Runtime.getRuntime().availableProcessors();
      }
      scopes++;
      openblas_nolapack.blas_set_num_threads(1);
    }

    synchronized void leave() {
      scopes--;
      openblas_nolapack.blas_set_num_threads(scopes == 0 ? threadsBefore : 1);
    }
  }
}
