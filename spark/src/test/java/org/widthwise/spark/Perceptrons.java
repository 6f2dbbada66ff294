package org.widthwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.run.SweepRunner;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;
import org.widthwise.torch.engine.Libtorch;

/** A small sweep over perceptrons on the embedded images, and what its trials must come to. */
record Perceptrons(int steps) {

  private static final List<String> FLAGS =
      List.of("--model", "mlp", "--widths", "8,16", "--optimizer", "adam", "--lr", "2^-4..2^-1");

  /** The words of a command line that say the same. */
  List<String> flags() {
    return Stream.concat(
            FLAGS.stream(), Stream.of("--examples", "256", "--steps", Integer.toString(steps)))
        .toList();
  }

  SweepDefinition definition() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.putObject("model").put("kind", "mlp");
    tree.putObject("data").put("examples", "256");
    tree.putObject("training").put("steps", steps);
    tree.put("widths", "8,16").put("optimizers", "adam").put("learning_rates", "2^-4..2^-1");
    return SweepDefinition.parse(tree);
  }

  SweepData data() {
    Libtorch.load();
    return SweepData.load(definition().task(), null);
  }

  /** The metrics by trial, from threads of this process. */
  Map<String, Map<String, NavigableMap<Long, Double>>> onThreads(SweepData data, Path file)
      throws InterruptedException {
    int threadsBefore = Libtorch.threads();
    try (SweepStore store = SweepStore.open(file.toString())) {
      StoredSweep sweep = StoredSweep.add(store, definition(), data);
      new SweepRunner(
              store,
              sweep.name(),
              new TrainingExecutor(sweep.task(), data),
              2,
              Duration.ofSeconds(5))
          .run(new SweepListener() {});
      return metrics(store, sweep.name());
    } finally {
      Libtorch.setThreads(threadsBefore);
    }
  }

  /** The metrics by trial; all eight of them are done. */
  static Map<String, Map<String, NavigableMap<Long, Double>>> metrics(
      SweepStore store, String sweep) {
    List<StoredTrial> trials = store.trials(sweep);
    assertThat(trials).hasSize(8);
    assertThat(trials)
        .allSatisfy(
            trial -> {
              assertThat(trial.state()).isEqualTo(TrialState.DONE);
              assertThat(trial.metrics()).containsKey(TrainingExecutor.HELD_OUT_LOSS);
            });
    return trials.stream().collect(Collectors.toMap(StoredTrial::digest, StoredTrial::metrics));
  }
}
