package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.run.Member;

/**
 * The networks of Figure 2, which appendix C measures again for Figures 4 to 6.
 *
 * <p>Perceptrons 3072–n–n–1 without biases, ReLU, on 200 images of two classes with targets ±1,
 * full batch, both parametrizations with η = 0.1 (section 6, appendix A). The paper leaves two
 * things open: the loss is the mean squared error without a factor ½, and the pixels of the 200
 * images are standardised together.
 */
final class WidthStudy implements Study {

  static final WidthStudy INSTANCE = new WidthStudy();

  private static final int EXAMPLES = 200;
  private static final double LEARNING_RATE = 0.1;
  private static final double LEARNT_LOSS = 0.01;
  private static final int STEPS = 10_000;
  private static final int PAPER_TRIALS = 10;
  private static final int QUICK_TRIALS = 5;

  private WidthStudy() {}

  /** B, the number of images. */
  static int examples() {
    return EXAMPLES;
  }

  @Override
  public String id() {
    return "widths";
  }

  @Override
  public Settings settings(Preset preset) {
    return switch (preset) {
      case QUICK ->
          Settings.training(List.of(16L, 32L, 64L, 96L, 128L, 192L, 256L), QUICK_TRIALS, STEPS);
      case STANDARD ->
          Settings.training(List.of(16L, 32L, 64L, 128L, 256L, 512L, 1024L), PAPER_TRIALS, STEPS);
      case PAPER ->
          Settings.training(
              List.of(16L, 32L, 64L, 128L, 256L, 512L, 1024L, 2048L, 4096L), PAPER_TRIALS, STEPS);
    };
  }

  /**
   * The loss below which the paper calls a network trained (section 6). Figure 6 takes its step
   * there: after 10⁴ steps of μP the loss is 10⁻¹², whose residuals are rounding.
   */
  static double learntLoss() {
    return LEARNT_LOSS;
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = networkConstants();
    constants.put("learnt_loss", LEARNT_LOSS);
    return constants;
  }

  /** What Figure 2's networks are, wherever they are trained. */
  static Map<String, Object> networkConstants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("examples", EXAMPLES);
    constants.put("learning_rate", LEARNING_RATE);
    constants.put("activation", "relu");
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(Settings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (Parametrization parametrization : List.of(Parametrizations.MUP, Parametrizations.NTP)) {
      Recipe recipe = recipe(parametrization, data.features());
      for (long width : settings.widths()) {
        for (int trial = 0; trial < settings.trials(); trial++) {
          members.add(
              new WidthMember(
                  parametrization.id(), recipe, width, trial, settings, data, EXAMPLES));
        }
      }
    }
    return members;
  }

  /**
   * The schemes (μP) and (NTP) of appendix A. That of μP is Tensor Programs V's, but for the
   * constant n₀ in the input layer's rate.
   */
  static Recipe recipe(Parametrization parametrization, int inputDimension) {
    Recipe recipe =
        Recipe.of(parametrization, UpdateRules.SGD)
            .withLearningRate(LEARNING_RATE)
            .withGain(Math.sqrt(2));
    return parametrization == Parametrizations.MUP
        ? recipe.withPrefactor(ParameterGroup.INPUT, Prefactor.ONE.withRate(1.0 / inputDimension))
        : recipe;
  }
}
