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
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.OpenTrial;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.torch.engine.Libtorch;

/** Executors and the driver of a cluster of processes are killed as by {@code kill -9}. */
@EnabledForJreRange(max = JRE.JAVA_23, disabledReason = "Spark 4.0 does not run on newer ones")
@Timeout(300)
final class SparkKillTest {

  private static final Pattern PROCESS = Pattern.compile("(?<executor>app\\S+) (?<pid>\\d+)@.*");

  /** Processes that live for seconds are not worth the better compiler. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  private final Path directory;
  private final Path storage;
  private final Path log;
  private final Path text;

  SparkKillTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.storage = directory.resolve("sweep.db");
    this.log = directory.resolve("log");
    this.text =
        Files.writeString(directory.resolve("text.txt"), "to be or not to be. ".repeat(100));
  }

  @Test
  void everyTrialIsThereOnceWhoeverIsKilled() throws Exception {
    String sweep = "sweep";
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
      Libtorch.load();
      StoredSweep stored = StoredSweep.read(store, sweep);
      OnThreads.assertEqual(
          store, stored, SweepData.load(stored.task(), text), directory.resolve("threads.db"));
      List<StoredTrial> trials = store.trials(sweep);
      assertThat(trials)
          .allSatisfy(
              trial -> assertThat(trial.metrics().get(TrainingExecutor.HELD_OUT_LOSS)).hasSize(1));
      assertThat(trials.stream().mapToInt(StoredTrial::attempts).sum())
          .as("what was lost is what the killed held: two trials each at the most")
          .isBetween(8 + 1, 8 + 2 + 2);
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
    command.addAll(List.of("-XX:+UseSerialGC", QUICK, "-Xmx512m", "-cp", classPath));
    command.addAll(List.of("org.widthwise.cli.Main", "sweep", "--engine", "spark"));
    command.addAll(List.of("--master", "local-cluster[1,2,512]", "--heartbeat", "0.5"));
    command.addAll(List.of("--storage", storage.toString()));
    command.addAll(List.of("--model", "transformer,layers=1,heads=1,context=8", "--batch", "4"));
    command.addAll(List.of("--widths", "4,8", "--optimizer", "adam", "--lr", "2^-6..2^-3"));
    command.addAll(List.of("--steps", "300", "--data", text.toString()));
    for (String property :
        List.of(
            "spark.ui.enabled=false",
            "spark.executor.memory=512m",
            "spark.executor.extraJavaOptions=" + QUICK,
            "spark.local.dir=" + directory,
            "spark.executor.extraClassPath=" + classPath)) {
      command.addAll(List.of("--spark-conf", property));
    }
    // What a distribution is to Spark's launcher is a directory with jars; all are on the class
    // path.
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
