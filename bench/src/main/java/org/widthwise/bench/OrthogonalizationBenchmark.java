package org.widthwise.bench;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.orthogonal.IteratedOrthogonalization;
import org.widthwise.torch.orthogonal.Orthogonalization;

/**
 * Muon's orthogonalisation of a float32 matrix, five steps, against its fifteen matrix products
 * alone: products of the same shapes into buffers there are, with nothing between them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 2)
public class OrthogonalizationBenchmark {
  /** The fan-out. */
  @Param({"256", "1024", "4096"})
  int rows = 256;

  /** The fan-in. */
  @Param({"256", "1024"})
  int columns = 256;

  /** How many threads an operation may use. */
  @Param("2")
  int threads = 2;

  private final IteratedOrthogonalization iteration = Orthogonalization.kellerJordan();
  private @Nullable Tensor matrix;
  private @Nullable Tensor wide;
  private @Nullable Tensor turned;
  private @Nullable Tensor gram;
  private @Nullable Tensor inner;
  private @Nullable Tensor next;

  /** A benchmark that JMH fills and runs. */
  public OrthogonalizationBenchmark() {}

  /** Makes the matrix and the buffers. */
  @Setup
  public void prepare() {
    Libtorch.load();
    Libtorch.setThreads(threads);
    Tensor drawn = torch.zeros(new long[] {rows, columns}, new TensorOptions(ScalarType.Float));
    new GaussianInitializer(1).fill(drawn, Initializer.seeded(1));
    matrix = drawn;
    Tensor turnedOver = rows > columns ? drawn.t().contiguous() : drawn;
    wide = turnedOver;
    turned = turnedOver.t();
    Tensor square = turnedOver.narrow(1, 0, Math.min(rows, columns));
    gram = torch.zeros_like(square);
    inner = torch.zeros_like(square);
    next = torch.zeros_like(turnedOver);
  }

  /**
   * K. Jordan's five steps.
   *
   * @return an entry of the result
   */
  @Benchmark
  public long orthogonalize() {
    try (PointerScope scope = new PointerScope()) {
      return iteration.of(requireNonNull(matrix), 1e-7).numel();
    }
  }

  /**
   * The same in bfloat16.
   *
   * @return the size of the result
   */
  @Benchmark
  public long orthogonalizeInBfloat16() {
    try (PointerScope scope = new PointerScope()) {
      return iteration.inBfloat16().of(requireNonNull(matrix), 1e-7).numel();
    }
  }

  /**
   * The products of five steps.
   *
   * @return the size of the last one
   */
  @Benchmark
  public long products() {
    Tensor x = requireNonNull(wide);
    Tensor squared = requireNonNull(gram);
    Tensor result = requireNonNull(next);
    for (int step = 0; step < iteration.iteration().steps().size(); step++) {
      try (PointerScope scope = new PointerScope()) {
        torch.mm_out(squared, x, requireNonNull(turned));
        torch.mm_out(requireNonNull(inner), squared, squared);
        torch.mm_out(result, requireNonNull(inner), x);
      }
    }
    return result.numel();
  }
}
