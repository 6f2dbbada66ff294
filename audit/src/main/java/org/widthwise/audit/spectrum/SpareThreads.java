package org.widthwise.audit.spectrum;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lends the processors that searches leave idle to the products of the other searches, so that the
 * last and largest matrix does not keep one alone busy. What a part of a product computes does not
 * depend on how many parts there are, so results are the same to the bit however many were free.
 */
final class SpareThreads implements AutoCloseable {

  private final Semaphore free;
  private final ExecutorService helpers;

  /**
   * Threads that are all free.
   *
   * @param number how many may work at a time, searches included
   */
  SpareThreads(int number) {
    free = new Semaphore(number, true);
    helpers =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "audit helper");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Works on the indexes from one to before another. */
  @FunctionalInterface
  interface Part {
    void accept(int from, int to);
  }

  /** Runs a search, which takes up one of the threads. */
  <T> T search(Callable<T> search) throws Exception {
    free.acquire();
    try {
      return search.call();
    } finally {
      free.release();
    }
  }

  /**
   * Works on the indexes below a length, in as many parts as there are threads now; returns when
   * all are done.
   *
   * @param length how many indexes there are
   * @param unit parts begin at multiples of it
   * @param part works on some; several at a time
   */
  void split(int length, int unit, Part part) {
    int units = (length + unit - 1) / unit;
    int lent = 0;
    while (lent + 1 < units && free.tryAcquire()) {
      lent++;
    }
    if (lent == 0) {
      part.accept(0, length);
      return;
    }
    List<Future<?>> others = new ArrayList<>();
    try {
      for (int i = 1; i <= lent; i++) {
        int from = start(i, lent + 1, units, unit, length);
        int to = start(i + 1, lent + 1, units, unit, length);
        others.add(helpers.submit(() -> part.accept(from, to)));
      }
      part.accept(0, start(1, lent + 1, units, unit, length));
    } finally {
      // Whatever happened: the others still write to what belongs to the caller.
      others.forEach(SpareThreads::await);
      free.release(lent);
    }
    others.forEach(SpareThreads::check);
  }

  private static int start(int part, int parts, int units, int unit, int length) {
    return (int) Math.min(length, (long) units * part / parts * unit);
  }

  private static void await(Future<?> part) {
    boolean interrupted = false;
    while (!part.isDone()) {
      try {
        part.get();
      } catch (InterruptedException wait) {
        interrupted = true;
      } catch (ExecutionException failed) {
        // Told by check.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void check(Future<?> part) {
    try {
      // It is done; an interruption is for others to see.
      part.get(0, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException later) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    helpers.shutdownNow();
  }
}
