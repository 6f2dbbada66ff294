package org.widthwise.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.train.TrainingRun;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what a training leaves behind, and where. */
final class TrainingOutputOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where checkpoints and the result go (default: nothing is kept)")
  private @Nullable Path out;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "steps from one checkpoint to the next (default: one at the end)")
  private @Nullable Long checkpointEvery;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "CSV: the loss of each step's batch, before the step's update")
  private @Nullable Path log;

  @Option(
      names = "--monitor",
      paramLabel = "DIR",
      description =
          "watch weights, updates and features against the spectral condition: monitor.csv and a"
              + " TensorBoard event file go there, and what leaves its band is told")
  private @Nullable Path monitor;

  void requireSense() {
    requireNamed("--out", out);
    if (checkpointEvery != null && checkpointEvery < 1) {
      throw bad("--checkpoint-every must be at least 1, not " + checkpointEvery);
    }
    if (checkpointEvery != null && out == null) {
      throw bad("--checkpoint-every: checkpoints need a place, --out DIR");
    }
    requireNamed("--monitor", monitor);
  }

  private void requireNamed(String option, @Nullable Path directory) {
    if (directory != null && directory.toString().isEmpty()) {
      throw bad(option + " is empty: name a directory, '.' for this one");
    }
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Where checkpoints go; null for nowhere. */
  @Nullable Path out() {
    return out;
  }

  /** Where what a monitor sees goes; null for no monitor. */
  @Nullable Path monitor() {
    return monitor;
  }

  /** Steps from one checkpoint to the next; 0 for one at the end. */
  long checkpointEvery() {
    return checkpointEvery == null ? 0 : checkpointEvery;
  }

  /** The training, with its checkpoints and its log. */
  TrainingRun keep(TrainingRun training) {
    TrainingRun kept = out == null ? training : training.withDirectory(out);
    return log == null ? kept : kept.withLog(log);
  }
}
