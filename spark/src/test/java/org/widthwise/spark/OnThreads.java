package org.widthwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Collectors;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.run.SweepRunner;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.NewTrial;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;
import org.widthwise.torch.engine.Libtorch;

/** What a sweep on Spark is held to: the same trials on threads of this process. */
final class OnThreads {

  private OnThreads() {}

  /** Runs the trials of a store's sweep anew in another one, and compares every metric. */
  static void assertEqual(SweepStore store, StoredSweep sweep, SweepData data, Path file)
      throws InterruptedException {
    int threadsBefore = Libtorch.threads();
    try (SweepStore other = SweepStore.open(file.toString())) {
      List<NewTrial> trials =
          store.trials(sweep.name()).stream()
              .map(trial -> new NewTrial(trial.configuration(), trial.seed(), trial.work()))
              .toList();
      other.add(sweep.name(), store.definition(sweep.name()), trials);
      new SweepRunner(
              other,
              sweep.name(),
              new TrainingExecutor(sweep.task(), data),
              2,
              Duration.ofSeconds(5))
          .run(new SweepListener() {});
      assertThat(metrics(store, sweep)).isEqualTo(metrics(other, sweep));
    } finally {
      Libtorch.setThreads(threadsBefore);
    }
  }

  /** The metrics by trial, of which there are eight, all of them done. */
  private static Map<String, Map<String, NavigableMap<Long, Double>>> metrics(
      SweepStore store, StoredSweep sweep) {
    List<StoredTrial> trials = store.trials(sweep.name());
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
