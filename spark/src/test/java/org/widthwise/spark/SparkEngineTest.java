package org.widthwise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.run.EngineSettings;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.SweepEngine;
import org.widthwise.sweep.run.SweepJob;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.NewTrial;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;
import org.widthwise.torch.engine.Libtorch;

/** Sweeps on Spark's threads in this process. */
@EnabledForJreRange(max = JRE.JAVA_23, disabledReason = "Spark 4.0 does not run on newer ones")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SparkEngineTest {

  private final Path directory;
  private final SweepDefinition perceptrons = perceptrons(20);
  private final SweepData data;
  private int threadsBefore;

  /** What a listener was told. */
  private record TrialEvent(String digest, SweepListener.Ending ending) {}

  SparkEngineTest(@TempDir Path directory) {
    this.directory = directory;
    Libtorch.load();
    this.data = SweepData.load(perceptrons.task(), null);
  }

  /** Eight trials on the embedded images. */
  private static SweepDefinition perceptrons(int steps) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.putObject("model").put("kind", "mlp");
    tree.putObject("data").put("examples", 256);
    tree.putObject("training").put("steps", steps);
    tree.put("widths", "8,16").put("optimizers", "adam").put("learning_rates", "2^-4..2^-1");
    return SweepDefinition.parse(tree);
  }

  @BeforeEach
  void rememberThreads() {
    threadsBefore = Libtorch.threads();
  }

  @AfterEach
  void restoreThreads() {
    Libtorch.setThreads(threadsBefore);
  }

  private static EngineSettings settings(String... properties) {
    Map<String, String> all = new HashMap<>(Map.of("spark.ui.enabled", "false"));
    for (int i = 0; i < properties.length; i += 2) {
      all.put(properties[i], properties[i + 1]);
    }
    return new EngineSettings(null, Duration.ofMillis(200), all);
  }

  private static SweepListener listener(Consumer<TrialEvent> events) {
    return new SweepListener() {
      @Override
      public void ended(Claim trial, Ending ending, String message, Progress progress) {
        events.accept(new TrialEvent(trial.digest(), ending));
      }
    };
  }

  private static SweepJob onTwoThreads(SweepStore store, StoredSweep sweep) {
    return SweepEngine.named("spark").job(store, sweep, settings("spark.master", "local[2]"));
  }

  @Test
  void metricsAreThoseOfThreadsToTheLastBit() throws InterruptedException {
    try (SweepStore store = SweepStore.open(directory.resolve("spark.db").toString())) {
      StoredSweep sweep = StoredSweep.add(store, perceptrons, data);
      // Another process has the first trial, and gives it back when all others are done.
      Claim others = store.claim(sweep.name(), "other", Duration.ofHours(1)).orElseThrow();
      List<TrialEvent> events = new ArrayList<>();
      SweepState state =
          onTwoThreads(store, sweep)
              .run(
                  listener(
                      event -> {
                        events.add(event);
                        if (events.size() == 7) {
                          assertThat(store.release(others)).isTrue();
                        }
                      }));
      assertThat(state.isFinished()).isTrue();
      OnThreads.assertEqual(store, sweep, data, directory.resolve("threads.db"));
      assertThat(store.trials(sweep.name()))
          .allSatisfy(trial -> assertThat(trial.worker()).startsWith("local-"));
      assertThat(events).extracting(TrialEvent::digest).hasSize(8).doesNotHaveDuplicates();
      assertThat(events).extracting(TrialEvent::ending).containsOnly(SweepListener.Ending.FINISHED);
      assertThat(events.get(7).digest()).isEqualTo(others.digest());
    }
  }

  @Test
  void aTrialThatThrowsIsRunOnceMoreAndFailsAlone() throws InterruptedException {
    try (SweepStore store = SweepStore.open(directory.resolve("throws.db").toString())) {
      StoredSweep sweep = StoredSweep.add(store, perceptrons, data);
      NewTrial damaged = new NewTrial("{}", 0, 1);
      store.add(sweep.name(), store.definition(sweep.name()), List.of(damaged));
      List<TrialEvent> events = new ArrayList<>();
      SweepState state = onTwoThreads(store, sweep).run(listener(events::add));
      assertThat(state.trials()).isEqualTo(Map.of(TrialState.DONE, 8, TrialState.FAILED, 1));
      assertThat(events)
          .filteredOn(event -> event.ending() == SweepListener.Ending.THREW)
          .extracting(TrialEvent::digest)
          .containsExactly(damaged.digest(), damaged.digest());
      assertThat(store.trials(sweep.name()))
          .filteredOn(trial -> trial.digest().equals(damaged.digest()))
          .extracting(StoredTrial::failures)
          .containsExactly(2);
    }
  }

  @Test
  void whoIsToStopGivesTrialsBack() throws InterruptedException {
    try (SweepStore store = SweepStore.open(directory.resolve("stop.db").toString())) {
      StoredSweep sweep = StoredSweep.add(store, perceptrons(1_000_000), data);
      SweepJob job = onTwoThreads(store, sweep);
      SweepState state =
          job.run(
              new SweepListener() {
                @Override
                public void progressed(Progress progress) {
                  if (progress.state().count(TrialState.RUNNING) == 2 && progress.share() > 0) {
                    job.stop();
                  }
                }
              });
      assertThat(job.awaitEnd(Duration.ZERO)).isTrue();
      assertThat(state.trials()).isEqualTo(Map.of(TrialState.WAITING, 8));
    }
  }

  @Test
  void otherDataThanTheSweepsAreRefused() {
    try (SweepStore store = SweepStore.open(directory.resolve("data.db").toString())) {
      StoredSweep sweep = StoredSweep.add(store, perceptrons, data);
      String definition =
          store.definition(sweep.name()).replace(sweep.dataDigest(), "0".repeat(64));
      store.add("other", definition, List.of(new NewTrial("{}", 0, 1)));
      SweepJob job = onTwoThreads(store, StoredSweep.read(store, "other"));
      assertThatThrownBy(() -> job.run(new SweepListener() {}))
          .isInstanceOf(RunException.class)
          .hasMessageContaining("executor driver cannot work on the sweep: the sweep 'other' is of")
          .hasMessageContaining("other data");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spark.x | y | --engine spark needs --master, such as local[2]",
        "executor.cores | 2 | 'executor.cores' is no property of Spark",
        "spark.master | elsewhere | Spark does not start at 'elsewhere': Could not parse Master",
      })
  void refuses(String key, String value, String message) {
    try (SweepStore store = SweepStore.open(directory.resolve("refuse.db").toString())) {
      StoredSweep sweep = StoredSweep.add(store, perceptrons, data);
      assertThatThrownBy(
              () ->
                  SweepEngine.named("spark")
                      .job(store, sweep, settings(key, value))
                      .run(new SweepListener() {}))
          .isInstanceOf(RunException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void aFileThatIsNotTheDriversIsRefused() {
    String file = directory.resolve("identity.db").toString();
    try (SweepStore store = SweepStore.open(file)) {
      StoredSweep sweep = StoredSweep.add(store, perceptrons, data);
      OpenSite.of(site(file, store.identity(), sweep), "1", 1).close();
      assertThatThrownBy(() -> OpenSite.of(site(file, "another", sweep), "1", 1))
          .isInstanceOf(RunException.class)
          .hasMessageContaining("the storage it sees is not the driver's")
          .hasMessageContaining("--storage postgresql://");
      String absent = directory.resolve("absent.db").toString();
      assertThatThrownBy(() -> OpenSite.of(site(absent, store.identity(), sweep), "1", 1))
          .isInstanceOf(RunException.class)
          .hasMessageContaining("there is no sweep in")
          .hasMessageContaining("--storage postgresql://");
    }
  }

  private static SiteSettings site(String storage, String identity, StoredSweep sweep) {
    return new SiteSettings(
        storage, identity, sweep.name(), "", Duration.ofSeconds(1), "application");
  }
}
