package org.widthwise.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.plan.Plan;
import org.widthwise.torch.engine.Libtorch;

/** Runs every benchmark once, small, and checks that those compared compute the same. */
final class BenchmarksTest {
  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void trainersTakeTheSameSteps() throws InterruptedException {
    TrainingStepBenchmark benchmark = new TrainingStepBenchmark();
    benchmark.width = 16;
    benchmark.threads = 1;
    benchmark.prepare();

    double loss = benchmark.autograd();

    assertThat(loss).isBetween(0.1, 0.95);
    assertThat(benchmark.compressed()).isCloseTo(loss, withinPercentage(0.1));
    assertThat(benchmark.autograd()).as("from the same start").isEqualTo(loss);
  }

  @Test
  void spectralNormsAgree() {
    for (SpectralNormBenchmark.Kind kind : SpectralNormBenchmark.Kind.values()) {
      SpectralNormBenchmark benchmark = new SpectralNormBenchmark();
      benchmark.size = 64;
      benchmark.kind = kind;
      benchmark.threads = 1;
      benchmark.prepare();

      double norm = benchmark.lanczos();

      assertThat(norm).isPositive();
      assertThat(benchmark.svdvals()).isCloseTo(norm, withinPercentage(1e-3));
      assertThat(benchmark.matrixNorm()).isCloseTo(norm, withinPercentage(1e-3));
    }
  }

  @Test
  void decompositionsAreEstimatedByOperations() {
    AuditAgainstSvd.Size size = new AuditAgainstSvd.Size(400, 200);
    // Of square matrices 8/3 n³, the usual count of the reduction to a bidiagonal matrix.
    assertThat(new AuditAgainstSvd.Size(30, 30).operations())
        .isCloseTo(8.0 / 3 * 27_000, withinPercentage(1e-9));
    assertThat(size.withSmall(100)).isEqualTo(new AuditAgainstSvd.Size(200, 100));
    assertThat(new AuditAgainstSvd.Sample(size.withSmall(100), 2).estimate(size))
        .isCloseTo(16, withinPercentage(1e-9));
    assertThat(AuditAgainstSvd.largestSample(size, 1e-9).size()).isEqualTo(size.withSmall(128));
    assertThat(AuditAgainstSvd.largestSample(size, 60).size()).isEqualTo(size);
  }

  @Test
  void theLargeModelIsPlanned() {
    PlanBenchmark benchmark = new PlanBenchmark();
    benchmark.blocks = 96;
    benchmark.prepare();

    Plan absolute = benchmark.absolute();

    assertThat(absolute.parameters()).hasSize(96 * 16 + 2);
    assertThat(benchmark.relative().parameters()).hasSize(96 * 16 + 2);
    assertThat(absolute.get("blocks.95.down.weight").scale().learningRate())
        .isCloseTo(1.0 / (4 * 12_288), withinPercentage(1e-9));
  }
}
