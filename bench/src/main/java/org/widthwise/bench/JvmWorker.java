package org.widthwise.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Libtorch;

/** This side: Widthwise in this process. */
final class JvmWorker implements Worker {
  private final int threads;
  private final Map<Integer, PaperJob> jobs = new HashMap<>();
  private final Map<Integer, Pace> rates = new HashMap<>();
  private final Map<Integer, Pace> steps = new HashMap<>();
  private final Map<Integer, Pace> compressedSteps = new HashMap<>();

  JvmWorker(int threads) {
    Libtorch.load();
    this.threads = threads;
  }

  @Override
  public String description() {
    return "libtorch %s, Java %s, %s, BLAS %s"
        .formatted(
            Libtorch.version(),
            System.getProperty("java.version"),
            Libtorch.cpuCapability(),
            Libtorch.blas());
  }

  @Override
  public double multiplicationRate(int size, double seconds) {
    Libtorch.setThreads(threads);
    try (PointerScope scope = new PointerScope()) {
      Tensor a = torch.ones(new long[] {size, size});
      Tensor b = torch.ones(new long[] {size, size});
      Tensor c = torch.zeros(new long[] {size, size});
      double each =
          rates
              .computeIfAbsent(size, key -> new Pace())
              .run(
                  count -> {
                    for (long i = 0; i < count; i++) {
                      try (PointerScope one = new PointerScope()) {
                        torch.mm_out(c, a, b);
                      }
                    }
                  },
                  seconds);
      return 2e-9 * size * size * size / each;
    }
  }

  @Override
  public double lossAfter(int width, long count) {
    Libtorch.setThreads(threads);
    return trained(job(width)::train, count);
  }

  @Override
  public double millisPerStep(int width, double seconds) {
    return millis(steps, width, job(width)::train, seconds);
  }

  /** Milliseconds per step of the compressed trainer on one thread, its preparation included. */
  double millisPerCompressedStep(int width, double seconds) {
    return millis(compressedSteps, width, job(width)::trainCompressed, seconds);
  }

  @Override
  public Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    // The process outlives the worker.
  }

  /** Trains from the start and returns the final loss. */
  @FunctionalInterface
  private interface Training {
    double run(long count) throws InterruptedException;
  }

  private double millis(Map<Integer, Pace> paces, int width, Training training, double seconds) {
    Libtorch.setThreads(threads);
    Pace pace = paces.computeIfAbsent(width, key -> new Pace());
    return 1e3 * pace.run(count -> trained(training, count), seconds);
  }

  private PaperJob job(int width) {
    return jobs.computeIfAbsent(width, PaperJob::new);
  }

  private static double trained(Training training, long count) {
    try {
      return training.run(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the comparison was interrupted", e);
    }
  }
}
