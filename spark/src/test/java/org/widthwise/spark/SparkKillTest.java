package org.widthwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.OpenTrial;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepStore;

/** Executors and the driver of a cluster of processes are killed as by {@code kill -9}. */
@Timeout(300)
final class SparkKillTest {

  private static final Pattern PROCESS = Pattern.compile("(?<executor>app\\S+) (?<pid>\\d+)@.*");

  private final Path directory;
  private final Path storage;
  private final Path log;
  private final Perceptrons perceptrons = new Perceptrons(300);

  SparkKillTest(@TempDir Path directory) {
    this.directory = directory;
    this.storage = directory.resolve("sweep.db");
    this.log = directory.resolve("log");
  }

  @Test
  void everyTrialIsThereOnceWhoeverIsKilled() throws Exception {
    String sweep = perceptrons.definition().name();
    Process driver = start();
    try (SweepStore store = awaitStore(driver)) {
      // An executor: the driver goes on.
      kill(awaitExecutor(driver, store, sweep));
      long finished = store.state(sweep).finished();
      while (store.state(sweep).finished() <= finished) {
        goOn(driver);
      }
      // Then the driver, and everything is begun again.
      awaitExecutor(driver, store, sweep);
      assertThat(store.state(sweep).isFinished()).as("finished before the driver died").isFalse();
      driver.destroyForcibly().waitFor();
      driver = start();
      assertThat(driver.waitFor(150, TimeUnit.SECONDS)).as("in time").isTrue();
      assertThat(driver.exitValue()).as(Files.readString(log)).isZero();
      assertThat(Files.readString(log)).contains("8 trials of 'sweep'", ": 8 done");
      assertThat(Perceptrons.metrics(store, sweep))
          .isEqualTo(perceptrons.onThreads(perceptrons.data(), directory.resolve("threads.db")));
      List<StoredTrial> trials = store.trials(sweep);
      assertThat(trials)
          .allSatisfy(
              trial -> assertThat(trial.metrics().get(TrainingExecutor.HELD_OUT_LOSS)).hasSize(1));
      assertThat(trials.stream().mapToInt(StoredTrial::attempts).sum())
          .as("what was lost is what the killed held: one trial each at the most")
          .isBetween(8 + 1, 8 + 3);
    } finally {
      driver.destroyForcibly();
    }
  }

  private SweepStore awaitStore(Process driver) throws Exception {
    while (!Files.exists(storage)) {
      goOn(driver);
    }
    return SweepStore.open(storage.toString());
  }

  /** An executor that has a trial. */
  private long awaitExecutor(Process driver, SweepStore store, String sweep) throws Exception {
    while (true) {
      Optional<Long> found =
          store.openTrials(sweep).stream()
              .map(OpenTrial::holder)
              .map(PROCESS::matcher)
              .filter(Matcher::matches)
              .map(matcher -> Long.valueOf(matcher.group("pid")))
              .filter(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      goOn(driver);
    }
  }

  private void goOn(Process driver) throws Exception {
    assertThat(driver.isAlive()).as(Files.readString(log)).isTrue();
    Thread.sleep(20);
  }

  private static void kill(long pid) {
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  private Process start() throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "-cp", classPath));
    command.addAll(List.of("org.widthwise.cli.Main", "sweep", "--engine", "spark"));
    command.addAll(List.of("--master", "local-cluster[2,1,512]", "--heartbeat", "0.5"));
    command.addAll(List.of("--storage", storage.toString()));
    command.addAll(perceptrons.flags());
    for (String property :
        List.of(
            "spark.ui.enabled=false",
            "spark.executor.memory=512m",
            "spark.local.dir=" + directory,
            "spark.executor.extraClassPath=" + classPath)) {
      command.addAll(List.of("--spark-conf", property));
    }
    // What a distribution is to Spark's launcher is a directory with jars; all are on the class path.
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("jars"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    return builder.start();
  }
}
