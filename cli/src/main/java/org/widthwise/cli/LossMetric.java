package org.widthwise.cli;

import java.util.Locale;
import org.widthwise.sweep.run.TrainingExecutor;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is taken for the loss of a training of a sweep. */
final class LossMetric {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "what is taken for the loss: training-loss, the mean over the last tenth of the steps, or"
              + " held-out-loss (default: training-loss)")
  private String name = "training-loss";

  /** As it is called in the store. */
  String stored() {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "training-loss" -> TrainingExecutor.FINAL_TRAINING_LOSS;
      case "held-out-loss" -> TrainingExecutor.HELD_OUT_LOSS;
      default ->
          throw new ParameterException(
              spec.commandLine(),
              "--metric: '%s' is none of training-loss and held-out-loss".formatted(name));
    };
  }
}
