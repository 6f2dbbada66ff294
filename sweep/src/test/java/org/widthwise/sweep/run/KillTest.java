package org.widthwise.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.widthwise.sweep.store.Metric;
import org.widthwise.sweep.store.Storages;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;

/**
 * Workers are killed as by {@code kill -9} while they work. {@code -Dwidthwise.kills=20} kills so
 * often; a few times do for every day.
 */
@Timeout(300)
final class KillTest {

  private static final int KILLS = Integer.getInteger("widthwise.kills", 4);
  private static final int TRIALS_PER_KILL = 6;
  private static final int MILLIS = 300;

  private final Path directory;

  KillTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @EnumSource
  void everyTrialIsThereOnceWhoeverIsKilled(Storages storages) throws Exception {
    String place = storages.fresh(directory);
    Path finished = Files.createFile(directory.resolve("finished"));
    int trials = TRIALS_PER_KILL * KILLS;
    List<Process> workers = new ArrayList<>();
    try (SweepStore store = SweepStore.open(place)) {
      store.add("a", "d", Arithmetic.trials(trials));
      Random random = new Random(7);
      workers.add(start(place, finished));
      workers.add(start(place, finished));
      int kills = 0;
      while (kills < KILLS) {
        // Until somebody is at work, then a moment more.
        SweepState state = store.state("a");
        while (state.count(TrialState.RUNNING) == 0 && !state.isFinished()) {
          Thread.sleep(10);
          state = store.state("a");
        }
        if (state.isFinished()) {
          break;
        }
        Thread.sleep(random.nextInt(2 * MILLIS));
        int victim = random.nextInt(workers.size());
        if (workers.get(victim).isAlive()) {
          workers.get(victim).destroyForcibly().waitFor();
          kills++;
        }
        workers.set(victim, start(place, finished));
      }
      assertThat(kills).as("kills before the end").isGreaterThanOrEqualTo(KILLS - 1);
      for (Process worker : workers) {
        assertThat(worker.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).as(Files.readString(directory.resolve("log"))).isZero();
      }
      List<StoredTrial> stored = store.trials("a");
      assertThat(stored).hasSize(trials);
      assertThat(stored).allSatisfy(trial -> assertThat(trial.state()).isEqualTo(TrialState.DONE));
      for (StoredTrial trial : stored) {
        List<Metric> metrics = new ArrayList<>();
        Objects.requireNonNull(trial.metrics().get("x"))
            .forEach((step, x) -> metrics.add(new Metric("x", step, x)));
        metrics.sort(Comparator.comparing(Metric::step));
        assertThat(metrics).isEqualTo(Arithmetic.metrics(trial.seed()));
      }
      assertThat(Files.readAllLines(finished)).doesNotHaveDuplicates();
      assertThat(stored.stream().mapToInt(StoredTrial::takeovers).sum())
          .as("trials that were taken over from the killed")
          .isPositive();
    } finally {
      workers.forEach(Process::destroyForcibly);
    }
  }

  private Process start(String place, Path finished) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            ArithmeticWorker.class.getName(),
            place,
            finished.toString(),
            Integer.toString(MILLIS))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
        .start();
  }
}
