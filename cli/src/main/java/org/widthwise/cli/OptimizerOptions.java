package org.widthwise.cli;

import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.optim.GradientClipping;
import org.widthwise.torch.optim.Momentum;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.optim.Schedule;
import org.widthwise.torch.optim.Schedules;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of what an optimizer needs beside a plan. */
final class OptimizerOptions {

  /** How learning rates go over time. */
  enum RateShape {
    CONSTANT,
    LINEAR,
    COSINE
  }

  /** What an orthogonalisation computes in. */
  enum OrthogonalizationType {
    FLOAT32,
    BFLOAT16
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "of the rates: constant, or linear or cosine to zero after the last step (default:"
              + " constant)")
  private RateShape shape = RateShape.CONSTANT;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "steps in which the rates grow to their full size first (default: 0)")
  private long warmUp;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      description = "of --optimizer sgd: the share of the last direction that is kept (default: 0)")
  private double momentum;

  @Option(
      names = "--orthogonalization",
      paramLabel = "TYPE",
      description =
          "what muon and scion-spectral orthogonalise in: float32, or bfloat16 as published, which"
              + " is faster where there are instructions for it (default: float32)")
  private OrthogonalizationType orthogonalization = OrthogonalizationType.FLOAT32;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description =
          "shrink gradients to this size, measured over what the plan expects and so the same at"
              + " every width (default: never)")
  private double clip = Double.POSITIVE_INFINITY;

  /**
   * Refuses what does not fit.
   *
   * @param steps how many there are in all
   * @param recipe which update rule it is
   */
  void requireSense(long steps, RecipeOptions recipe) {
    if (warmUp < 0 || warmUp > steps) {
      throw bad("--warm-up takes from 0 to all %d steps, not %d".formatted(steps, warmUp));
    }
    if (momentum != 0 && !recipe.recipe().updateRule().equals(UpdateRules.SGD)) {
      throw bad(
          "--momentum is of --optimizer sgd; %s has its own"
              .formatted(recipe.recipe().updateRule().id()));
    }
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** What is asked for, over so many steps. */
  OptimizerSettings settings(long steps, Recipe recipe) {
    OptimizerSettings settings = OptimizerSettings.withDefaults().withSchedule(schedule(steps));
    if (orthogonalization == OrthogonalizationType.BFLOAT16) {
      OptimizerSettings faster = settings.inBfloat16(recipe);
      if (faster.equals(settings)) {
        throw bad(
            "--orthogonalization bfloat16 is for muon, its conventions and scion-spectral; %s does"
                    .formatted(recipe.updateRule().id())
                + " not orthogonalise");
      }
      settings = faster;
    }
    if (clip != Double.POSITIVE_INFINITY) {
      settings = settings.withClipping(new GradientClipping(clip));
    }
    return momentum == 0 ? settings : settings.with(new Momentum(momentum, false));
  }

  private Schedule schedule(long steps) {
    return switch (shape) {
      case CONSTANT -> new Schedules.Constant(warmUp);
      case LINEAR -> new Schedules.Linear(warmUp, steps, 0);
      case COSINE -> new Schedules.Cosine(warmUp, steps, 0);
    };
  }
}
