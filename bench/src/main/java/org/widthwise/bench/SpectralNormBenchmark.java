package org.widthwise.bench;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
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
import org.widthwise.torch.measure.TensorNorms;

/**
 * The spectral norm of a square float32 matrix: Golub–Kahan–Lanczos through {@link TensorNorms}
 * against what libtorch offers, which computes all singular values.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 2)
public class SpectralNormBenchmark {
  /** What matrix is measured. */
  public enum Kind {
    /** Independent Gaussian entries: next to no gap below the largest singular value. */
    GAUSSIAN {
      @Override
      Tensor make(int size) {
        Tensor matrix = torch.zeros(new long[] {size, size}, new TensorOptions(ScalarType.Float));
        new GaussianInitializer(1).fill(matrix, Initializer.seeded(1));
        return matrix;
      }
    },
    /** The first update of the hidden weight of the paper's network: a low stable rank. */
    UPDATE {
      @Override
      Tensor make(int size) {
        return new PaperJob(size).hiddenGradient();
      }
    };

    abstract Tensor make(int size);
  }

  /** Rows and columns. */
  @Param({"256", "1024", "2048"})
  int size = 256;

  /** What matrix is measured. */
  @Param Kind kind = Kind.GAUSSIAN;

  /** How many threads an operation may use. */
  @Param("2")
  int threads = 2;

  private @Nullable Tensor matrix;

  /** A benchmark that JMH fills and runs. */
  public SpectralNormBenchmark() {}

  /** Makes the matrix. */
  @Setup
  public void prepare() {
    Libtorch.setThreads(threads);
    matrix = kind.make(size);
  }

  /**
   * Matrix-free, to a relative error of 5·10⁻⁷.
   *
   * @return ‖A‖₂
   */
  @Benchmark
  public double lanczos() {
    return TensorNorms.spectral(requireNonNull(matrix));
  }

  /**
   * {@code torch.linalg.svdvals}.
   *
   * @return ‖A‖₂
   */
  @Benchmark
  public double svdvals() {
    try (PointerScope scope = new PointerScope()) {
      return torch.linalg_svdvals(requireNonNull(matrix)).max().item_double();
    }
  }

  /**
   * {@code torch.linalg.matrix_norm(…, 2)}.
   *
   * @return ‖A‖₂
   */
  @Benchmark
  public double matrixNorm() {
    try (PointerScope scope = new PointerScope()) {
      return torch.linalg_matrix_norm(requireNonNull(matrix), new Scalar(2.0)).item_double();
    }
  }
}
