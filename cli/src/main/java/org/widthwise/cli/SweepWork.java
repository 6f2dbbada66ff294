package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.widthwise.sweep.definition.SweepTask;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.run.SweepJob;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;
import org.widthwise.sweep.store.TrialState;
import org.widthwise.torch.engine.Libtorch;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that work on a sweep, and the work. */
final class SweepWork {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--storage",
      paramLabel = "PLACE",
      description =
          "a file for SQLite, or postgresql://user:password@host/database (default: sweep.db)")
  private String storage = "sweep.db";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "where the data set is (default: WIDTHWISE_DATA, else the user's cache, else an embedded"
              + " stand-in)")
  private @Nullable Path data;

  @Mixin private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--heartbeat",
      paramLabel = "SECONDS",
      description =
          "from one sign of life to the next; after six without one others take a trial over"
              + " (default: 5)")
  private double heartbeat = 5;

  String storage() {
    return storage;
  }

  void requireSense() {
    engine.requireSense();
    if (!(heartbeat >= 0.01 && heartbeat <= 3600)) {
      throw new ParameterException(
          spec.commandLine(), "--heartbeat takes from 0.01 to 3600 seconds, not " + heartbeat);
    }
  }

  /** Reads the data of a sweep, with libtorch loaded. */
  SweepData load(SweepTask task) {
    PrintWriter err = spec.commandLine().getErr();
    SweepData loaded = SweepData.load(task, data);
    LibtorchNotices.load(err);
    return loaded;
  }

  /** Works until the sweep is finished, or the process is to end. */
  int work(SweepStore store, StoredSweep sweep, SweepData loaded) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    tellOfData(loaded);
    SweepState state = run(store, sweep, loaded);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%d trials of '%s' in %s: %d done, %d diverged, %d failed%n",
        state.count(),
        sweep.name(),
        storage.replaceAll("//[^/@]*@", "//"),
        state.count(TrialState.DONE),
        state.count(TrialState.DIVERGED),
        state.count(TrialState.FAILED));
    if (state.count(TrialState.FAILED) > 0) {
      err.println("widthwise: trials failed; 'widthwise sweep export' says how");
      return 1;
    }
    return 0;
  }

  /** Says what is trained on, and what is wrong with the environment. */
  void tellOfData(SweepData loaded) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("data: " + loaded.training().description());
    LibtorchNotices.warnings().forEach(err::println);
  }

  /** Works, and shows the progress. */
  SweepState run(SweepStore store, StoredSweep sweep, SweepData loaded)
      throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    int threadsBefore = Libtorch.threads();
    SweepJob job =
        engine.job(store, sweep, loaded, data, Duration.ofMillis((long) (1000 * heartbeat)));
    try (ExitHook hook = new ExitHook("give trials back", () -> stop(job, err)).add();
        SweepProgress progress = new SweepProgress(err)) {
      return job.run(progress);
    } finally {
      Libtorch.setThreads(threadsBefore);
    }
  }

  private static void stop(SweepJob job, PrintWriter err) {
    job.stop();
    try {
      boolean inTime = job.awaitEnd(PATIENCE);
      err.println();
      err.println(
          inTime
              ? "widthwise: stopped; what is finished is kept, and the same command goes on"
              : "widthwise: stopped before the step was done; the trial is taken over in time");
    } catch (InterruptedException unlikely) {
      Thread.currentThread().interrupt();
    }
    err.flush();
  }
}
