package org.widthwise.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.train.Objective;
import org.widthwise.lab.train.Precision;
import org.widthwise.lab.train.TrainingSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say for how long and on how many examples a network is trained, and so on. */
final class TrainingOptions {

  private static final int USUAL_BATCH = 64;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "cross-entropy, or mse with targets +1 for the class and -1 for the others (default:"
              + " cross-entropy)")
  private String loss = Objective.CROSS_ENTROPY.id();

  @Option(names = "--steps", paramLabel = "N", required = true, description = "updates to make")
  private long steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "examples of a step, drawn in a shuffled order (default: 64)")
  private @Nullable Integer batch;

  @Option(
      names = "--full-batch",
      description = "each step takes all examples, in the order of the files")
  private boolean fullBatch;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "train on the first N examples of the files alone")
  private @Nullable Integer examples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "decides first weights and order (default: 0)")
  private long seed;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "float32 or float64 (default: float32)")
  private String precision = "float32";

  void requireSense() {
    if (fullBatch && batch != null) {
      throw bad("--batch and --full-batch exclude each other: a step takes so many, or all");
    }
    if (batch != null && batch < 1) {
      throw bad("--batch must be at least 1, not " + batch);
    }
    if (examples != null && examples < 1) {
      throw bad("--examples must be at least 1, not " + examples);
    }
    if (steps < 1) {
      throw bad("--steps must be at least 1, not " + steps);
    }
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  long steps() {
    return steps;
  }

  /** How many examples there are to be; empty for all. */
  Optional<Integer> examples() {
    return Optional.ofNullable(examples);
  }

  /** The settings, on the CPU and with one checkpoint. */
  TrainingSettings settings() {
    return TrainingSettings.withDefaults(steps)
        .withBatch(batch == null ? USUAL_BATCH : batch)
        .withFullBatch(fullBatch)
        .withSeed(seed)
        .withObjective(Objective.named(loss))
        .withPrecision(Words.named(spec, "--dtype", precision, Precision.values()));
  }
}
