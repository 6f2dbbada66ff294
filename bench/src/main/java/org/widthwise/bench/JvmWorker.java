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
  private final Map<Job, TrainingJob> jobs = new HashMap<>();
  private final Map<Job, Pace> steps = new HashMap<>();
  private final Map<Integer, Pace> rates = new HashMap<>();

  /** What is made once for a network of a kind and width. */
  private record Job(JobKind kind, int width) {}

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
    return multiplicationRate(size, seconds, rates.computeIfAbsent(size, key -> new Pace()));
  }

  /** GFLOP/s of the calling thread. */
  static double multiplicationRate(int size, double seconds, Pace pace) {
    try (PointerScope scope = new PointerScope()) {
      Tensor a = torch.ones(new long[] {size, size});
      Tensor b = torch.ones(new long[] {size, size});
      Tensor c = torch.zeros(new long[] {size, size});
      double each =
          pace.run(
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
  public double lossAfter(JobKind kind, int width, long count) {
    Libtorch.setThreads(threads);
    return trained(job(new Job(kind, width)), count);
  }

  @Override
  public double millisPerStep(JobKind kind, int width, double seconds) {
    Libtorch.setThreads(threads);
    Job job = new Job(kind, width);
    Pace pace = steps.computeIfAbsent(job, key -> new Pace());
    return 1e3 * pace.run(count -> trained(job(job), count), seconds);
  }

  @Override
  public Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    // The process outlives the worker.
  }

  private TrainingJob job(Job job) {
    return jobs.computeIfAbsent(job, key -> key.kind().make(key.width()));
  }

  static double trained(TrainingJob job, long count) {
    try {
      return job.train(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the comparison was interrupted", e);
    }
  }
}
