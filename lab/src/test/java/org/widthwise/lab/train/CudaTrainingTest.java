package org.widthwise.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.CudaStatus;
import org.widthwise.torch.optim.OptimizerSettings;

/** The same training on a CUDA device as on the CPU, to rounding. */
final class CudaTrainingTest {

  static final List<TrainingRunTest.Kind> KINDS = TrainingRunTest.KINDS;

  private static final ComputeDevice DEVICE = ComputeDevice.cuda(0);

  private static final TrainingSettings SETTINGS =
      TrainingSettings.withDefaults(12)
          .withBatch(4)
          .withPrecision(Precision.FLOAT64)
          .withCheckpointEvery(5);

  private final Path directory;

  CudaTrainingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeEach
  void requireDevice() {
    CudaStatus status = CudaStatus.here();
    assumeTrue(status.isUsable(), () -> "it takes a CUDA device, and " + status.missing());
  }

  private static TrainingRun run(TrainingRunTest.Kind kind, TrainingSettings settings) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.named("adam")).withLearningRate(0.01);
    return TrainingRun.of(
        kind.architecture(), recipe, OptimizerSettings.withDefaults(), kind.data(), settings);
  }

  /**
   * In float64: rounding is 10⁻¹⁶ then, and Adam's first steps amplify it where gradients vanish.
   */
  @ParameterizedTest
  @FieldSource("KINDS")
  void trainsAndGoesOnAsOnTheCpu(TrainingRunTest.Kind kind) throws Exception {
    List<Double> here = new ArrayList<>();
    TrainingOutcome expected =
        run(kind, SETTINGS).run(progress -> here.add(progress.loss()), () -> false);
    List<Double> there = new ArrayList<>();
    TrainingRun training = run(kind, SETTINGS.withDevice(DEVICE)).withDirectory(directory);
    TrainingOutcome stopped =
        training.run(progress -> there.add(progress.loss()), () -> there.size() == 6);
    assertThat(stopped.stopped()).isTrue();
    TrainingOutcome outcome = training.run(progress -> there.add(progress.loss()), () -> false);
    assertThat(outcome.steps()).isEqualTo(expected.steps());
    assertThat(there).hasSizeGreaterThanOrEqualTo(here.size() - 1);
    assertThat(outcome.trainingLoss())
        .isCloseTo(expected.trainingLoss(), within(1e-6 * expected.trainingLoss()));
    if (kind.data().heldOut().isPresent()) {
      assertThat(outcome.heldOutLoss())
          .isCloseTo(expected.heldOutLoss(), within(1e-6 * expected.heldOutLoss()));
    }
  }
}
