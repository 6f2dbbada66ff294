package org.widthwise.lab.figure;

import com.google.auto.service.AutoService;
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
import org.widthwise.lab.run.Member;

/**
 * Figure 2: spectral quantities are Θ(1) under μP but decay with width under NTP (section 6,
 * appendix A).
 *
 * <p>Perceptrons 3072–n–n–1 without biases, ReLU, on 200 images of two classes with targets ±1,
 * full batch, both parametrizations with η = 0.1. The paper leaves two things open: the loss is the
 * mean squared error without a factor ½, and the pixels of the 200 images are standardised
 * together.
 */
@AutoService(FigureExperiment.class)
public final class Figure2 implements FigureExperiment {

  private static final int EXAMPLES = 200;
  private static final double LEARNING_RATE = 0.1;
  private static final int STEPS = 10_000;
  private static final int PAPER_TRIALS = 10;
  private static final int QUICK_TRIALS = 4;

  /** Found by the service loader. */
  public Figure2() {}

  @Override
  public String id() {
    return "fig2";
  }

  @Override
  public List<String> aliases() {
    return List.of("figure2", "figure-2", "2");
  }

  @Override
  public String title() {
    return "Figure 2: spectral quantities are Θ(1) under μP but decay with width under NTP";
  }

  @Override
  public String claim() {
    return "Features and weights move by Θ(1) in relative spectral terms under μP at every width,"
        + " and by Θ(1/√n) under NTP; the Frobenius norm hides it.";
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel("A", "Relative change in features", "E‖h₂ − h₂⁰‖₂ / ‖h₂⁰‖₂", "eq. 23", 0, -0.5),
        panel(
            "B",
            "Relative change in weights, spectral norm",
            "‖W₂ − W₂⁰‖₂ / ‖W₂⁰‖₂",
            "section 6",
            0,
            -0.5),
        panel("C", "Final-layer alignment", "E‖W₃h₂′‖₂ / (‖W₃‖₂ ‖h₂′‖₂)", "eq. 24", 0, -0.5),
        panel(
            "D",
            "Relative change in weights, Frobenius norm",
            "‖W₂ − W₂⁰‖ / ‖W₂⁰‖ (Frobenius)",
            "section 6",
            -0.5,
            -1));
  }

  private static PanelSpec panel(
      String id, String title, String quantity, String source, double mup, double ntp) {
    return new PanelSpec(id, title, quantity, source, Map.of("mup", mup, "ntp", ntp));
  }

  @Override
  public List<SeriesSpec> series() {
    return List.of(new SeriesSpec("mup", "μP"), new SeriesSpec("ntp", "NTP"));
  }

  @Override
  public FigureSettings settings(Preset preset) {
    return switch (preset) {
      case QUICK -> new FigureSettings(List.of(16L, 32L, 64L, 128L, 256L), QUICK_TRIALS, STEPS, 0);
      case STANDARD ->
          new FigureSettings(
              List.of(16L, 32L, 64L, 128L, 256L, 512L, 1024L), PAPER_TRIALS, STEPS, 0);
      case PAPER ->
          new FigureSettings(
              List.of(16L, 32L, 64L, 128L, 256L, 512L, 1024L, 2048L, 4096L),
              PAPER_TRIALS,
              STEPS,
              0);
    };
  }

  @Override
  public Map<String, Object> constants() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("examples", EXAMPLES);
    constants.put("learning_rate", LEARNING_RATE);
    constants.put("activation", "relu");
    constants.put("loss", "mse");
    return constants;
  }

  @Override
  public List<Member> members(FigureSettings settings, ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (SeriesSpec series : series()) {
      Recipe recipe = recipe(Parametrizations.named(series.id()), data.features());
      for (long width : settings.widths()) {
        for (int trial = 0; trial < settings.trials(); trial++) {
          members.add(
              new Figure2Member(series.id(), recipe, width, trial, settings, data, EXAMPLES));
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
