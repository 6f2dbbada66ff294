package org.widthwise.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.lab.train.TrainingOutcome;
import org.widthwise.lab.train.TrainingRun;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;
import org.widthwise.torch.engine.Libtorch;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TrainingExecutorTest {

  private static final String YAML =
      """
      model: {kind: transformer, layers: 1, heads: 2, context: 8}
      training: {steps: 20, batch: 8, schedule: linear}
      widths: [8, 16]
      optimizers: adam
      learning_rates: [0.02, 1.0e+6]
      seeds: [0, 1]
      """;

  private final Path directory;
  private final SweepDefinition definition;
  private final SweepData data;
  private int threadsBefore;

  TrainingExecutorTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    StringBuilder text = new StringBuilder();
    Random random = new Random(3);
    for (int i = 0; i < 4000; i++) {
      text.append((char) ('a' + random.nextInt(1 + i % 5)));
    }
    Path file = Files.writeString(directory.resolve("text.txt"), text);
    ObjectNode tree =
        SweepDefinition.read(Files.writeString(directory.resolve("sweep.yaml"), YAML));
    Libtorch.load();
    this.definition = SweepDefinition.parse(tree);
    this.data = SweepData.load(definition.task(), file);
  }

  @BeforeAll
  void rememberThreads() {
    threadsBefore = Libtorch.threads();
  }

  @AfterAll
  void restoreThreads() {
    Libtorch.setThreads(threadsBefore);
  }

  private List<StoredTrial> run(String name, int threads) throws InterruptedException {
    try (SweepStore store = SweepStore.open(directory.resolve(name).toString())) {
      StoredSweep sweep = StoredSweep.add(store, definition, data);
      assertThat(StoredSweep.read(store, sweep.name())).isEqualTo(sweep);
      new SweepRunner(
              store,
              sweep.name(),
              new TrainingExecutor(sweep.task(), data),
              threads,
              Duration.ofSeconds(1))
          .run(new SweepListener() {});
      return store.trials(sweep.name());
    }
  }

  @Test
  void equalSeedsGiveEqualMetricsWhateverTheThreads() throws InterruptedException {
    List<StoredTrial> alone = run("one.db", 1);
    List<StoredTrial> together = run("three.db", 3);
    assertThat(alone).hasSize(8);
    Map<String, Map<String, ?>> metrics = new HashMap<>();
    alone.forEach(trial -> metrics.put(trial.digest(), trial.metrics()));
    assertThat(together)
        .allSatisfy(trial -> assertThat(trial.metrics()).isEqualTo(metrics.get(trial.digest())));
    for (StoredTrial trial : alone) {
      boolean mad = TrialConfiguration.of(trial.configuration()).learningRate() > 1;
      assertThat(trial.state()).isEqualTo(mad ? TrialState.DIVERGED : TrialState.DONE);
      assertThat(trial.provenance()).contains("\"libtorch\":\"2.");
      if (mad) {
        assertThat(trial.message()).contains("the loss was");
        assertThat(trial.metrics()).doesNotContainKey(TrainingExecutor.FINAL_TRAINING_LOSS);
      } else {
        assertThat(trial.metrics().get(TrainingExecutor.TRAINING_LOSS)).hasSize(20);
        String query = "blocks.0.attention.query.weight";
        assertThat(trial.metrics().get(TrainingExecutor.WEIGHT + query)).containsOnlyKeys(0L);
        assertThat(trial.metrics().get(TrainingExecutor.UPDATE + query))
            .containsOnlyKeys(1L, 2L, 4L, 8L);
        assertThat(trial.metrics().get(TrainingExecutor.UPDATE_ALIGNMENT + query))
            .containsOnlyKeys(1L, 2L, 4L, 8L);
        assertThat(trial.metrics())
            .containsKey(TrainingExecutor.UPDATE + "token_embedding.weight")
            .doesNotContainKey(TrainingExecutor.UPDATE + "norm.weight");
        assertThat(
                Objects.requireNonNull(trial.metrics().get(TrainingExecutor.HELD_OUT_ACCURACY))
                    .get(20L))
            .isBetween(0.0, 1.0);
      }
    }
    // Seeds decide.
    assertThat(alone.stream().map(trial -> trial.metrics().toString()).distinct()).hasSize(8);
    assertTrainedAsBy(alone);
  }

  /** The same as a training by itself, with its last losses averaged here. */
  private void assertTrainedAsBy(List<StoredTrial> trials) throws InterruptedException {
    StoredTrial trial =
        trials.stream().filter(t -> t.state() == TrialState.DONE).findFirst().orElseThrow();
    TrialConfiguration configuration = TrialConfiguration.of(trial.configuration());
    double[] losses = new double[21];
    Libtorch.setThreads(1);
    TrainingOutcome outcome =
        TrainingRun.of(
                data.architecture(configuration),
                configuration.recipe(definition.task().decayConvention()),
                definition.task().optimizer(configuration),
                data.training(),
                definition.task().settings(trial.seed()))
            .run(progress -> losses[(int) progress.step()] = progress.loss(), () -> false);
    assertThat(trial.metrics().get(TrainingExecutor.TRAINING_LOSS))
        .containsEntry(1L, losses[1])
        .containsEntry(20L, losses[20]);
    assertThat(trial.metrics().get(TrainingExecutor.FINAL_TRAINING_LOSS))
        .containsEntry(20L, (losses[19] + losses[20]) / 2);
    assertThat(trial.metrics().get(TrainingExecutor.HELD_OUT_LOSS))
        .containsEntry(20L, outcome.heldOutLoss());
  }

  @Test
  void anotherSweepOfTheNameAndOtherDataAreRefused() throws IOException {
    try (SweepStore store = SweepStore.open(directory.resolve("refused.db").toString())) {
      StoredSweep sweep = StoredSweep.add(store, definition, data);
      ObjectNode tree = SweepDefinition.read(directory.resolve("sweep.yaml"));
      ((ObjectNode) tree.get("training")).put("steps", 21);
      SweepDefinition longer = SweepDefinition.parse(tree);
      assertThatThrownBy(() -> StoredSweep.add(store, longer, data))
          .hasMessageContaining("another sweep 'sweep'")
          .hasMessageContaining("steps is 20 there and 21 here");
      Path other = Files.writeString(directory.resolve("other.txt"), "abcdefghijkl".repeat(50));
      SweepData others = SweepData.load(definition.task(), other);
      assertThatThrownBy(() -> sweep.require(others)).hasMessageContaining("is of other data");
      ((ObjectNode) tree.get("training")).put("steps", 20).put("batch", 400);
      tree.put("name", "large");
      SweepDefinition large = SweepDefinition.parse(tree);
      assertThatThrownBy(() -> StoredSweep.add(store, large, others))
          .hasMessageContaining("a batch of 400 cannot be drawn from");
    }
  }
}
