package org.widthwise.torch.distributed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The ranks of a group as threads of one JVM, which connect to one another as processes do. */
final class Ranks {

  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private Ranks() {}

  /** What a rank does. */
  @FunctionalInterface
  interface Work<T> {
    T of(int rank) throws Exception;
  }

  static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }

  /** Each rank's result, or what it threw. */
  static <T> List<Future<T>> run(int size, Work<T> work) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Callable<T>> calls = new ArrayList<>();
      for (int r = 0; r < size; r++) {
        int rank = r;
        calls.add(() -> work.of(rank));
      }
      return threads.invokeAll(calls, 60, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
  }

  static <T> List<T> results(List<Future<T>> futures) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get(1, TimeUnit.SECONDS));
    }
    return results;
  }

  static Throwable thrown(Future<?> future) throws InterruptedException, TimeoutException {
    try {
      Object result = future.get(1, TimeUnit.SECONDS);
      throw new AssertionError("nothing was thrown, and the result is " + result);
    } catch (ExecutionException failed) {
      return Objects.requireNonNull(failed.getCause());
    }
  }
}
