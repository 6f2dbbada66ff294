package org.widthwise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.SweepListener;
import org.widthwise.sweep.run.SweepRunner;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Libtorch;

/**
 * A sweep of 64 small trials, stored in SQLite, as {@code widthwise sweep} runs it: each trial on a
 * thread of its own with one BLAS thread, as many at a time as there are processors. Beside it the
 * same trials one after another with as many BLAS threads. Prints how long both take, the ratio
 * round by round, and which share of the processors' time the first one used.
 */
public final class SweepThroughput {

  private static final int USUAL_ROUNDS = 3;
  private static final int TRIALS = 64;
  private static final double NANOS = 1e9;
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private static final String SWEEP =
      """
      model: {kind: mlp}
      data: {set: cifar10, examples: 4000}
      training: {steps: 200, batch: 128, schedule: linear}
      widths: [32, 64, 128, 256]
      learning_rates: [0.125, 0.25, 0.5, 1.0]
      optimizers: adam
      seeds: [0, 1, 2, 3]
      """;

  private SweepThroughput() {}

  /**
   * Runs it.
   *
   * @param args the number of rounds, 3 if there are none
   * @throws IOException if no file can be made
   * @throws InterruptedException if it is ended before
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : USUAL_ROUNDS;
    int processors = Runtime.getRuntime().availableProcessors();
    Path directory = Files.createTempDirectory("sweep");
    try {
      SweepDefinition definition =
          SweepDefinition.parse(
              SweepDefinition.read(Files.writeString(directory.resolve("sweep.yaml"), SWEEP)));
      Libtorch.load();
      SweepData data = SweepData.load(definition.task(), null);
      System.out.println("data: " + data.training().description());
      run(definition, data, directory.resolve("warm-up.db"), processors, 1);
      Samples sideBySide = new Samples();
      Samples oneByOne = new Samples();
      Samples busy = new Samples();
      for (int round = 0; round < rounds; round++) {
        Run first = run(definition, data, directory.resolve(round + "a.db"), processors, 1);
        sideBySide.add(first.seconds());
        busy.add(first.processorSeconds() / (first.seconds() * processors));
        oneByOne.add(
            run(definition, data, directory.resolve(round + "b.db"), 1, processors).seconds());
      }
      System.out.printf(
          Locale.ROOT,
          "%d trials, %d processors: %s s side by side, which uses %s of them; %s s one after"
              + " another with %d BLAS threads; ratio %s%n",
          TRIALS,
          processors,
          sideBySide,
          busy,
          oneByOne,
          processors,
          oneByOne.over(sideBySide));
    } finally {
      delete(directory);
    }
  }

  /** How long a sweep took, by the clock and on the processors. */
  record Run(double seconds, double processorSeconds) {}

  static Run run(
      SweepDefinition definition, SweepData data, Path storage, int trials, int threadsOfEach)
      throws InterruptedException {
    double processor = processorSeconds();
    long start = System.nanoTime();
    try (SweepStore store = SweepStore.open(storage.toString())) {
      StoredSweep sweep = StoredSweep.add(store, definition, data);
      SweepState end =
          new SweepRunner(
                  store,
                  sweep.name(),
                  new TrainingExecutor(sweep.task(), data, threadsOfEach, ComputeDevice.CPU),
                  trials,
                  HEARTBEAT)
              .run(new SweepListener() {});
      if (end.count(TrialState.DONE) != end.count()) {
        throw new IllegalStateException("a benchmark must finish all trials: " + end);
      }
    }
    return new Run((System.nanoTime() - start) / NANOS, processorSeconds() - processor);
  }

  private static double processorSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
        / NANOS;
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (var files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.delete(one);
    }
  }
}
