package org.widthwise.bench;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.widthwise.torch.engine.Libtorch;

/**
 * A training step of the paper's network, 3072 → n → n → 1 on a full batch of 200 (appendix A). One
 * invocation is a run of {@value #STEPS} steps from the same start, with the loss computed before
 * and after; the figure is per step.
 *
 * <p>Every JMH thread ({@code -t}) trains a network of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TrainingStepBenchmark {
  static final int STEPS = 50;

  /** n. */
  @Param({"16", "64", "256", "1024"})
  int width = 16;

  /** How many threads an operation of the autograd path may use; the compressed path takes one. */
  @Param("2")
  int threads = 2;

  private @Nullable PaperJob job;

  /** A benchmark that JMH fills and runs. */
  public TrainingStepBenchmark() {}

  /** Draws the problem. */
  @Setup
  public void prepare() {
    Libtorch.setThreads(threads);
    job = new PaperJob(width);
  }

  /**
   * The ordinary way: an {@code Mlp} as a libtorch module, autograd, and {@code Sgd}.
   *
   * @return the loss after the last step
   * @throws InterruptedException if the run is interrupted
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public double autograd() throws InterruptedException {
    return requireNonNull(job).train(STEPS);
  }

  /**
   * The same steps by {@code CompressedMlpTrainer}, its preparation included.
   *
   * @return the loss after the last step
   * @throws InterruptedException if the run is interrupted
   */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public double compressed() throws InterruptedException {
    return requireNonNull(job).trainCompressed(STEPS);
  }
}
