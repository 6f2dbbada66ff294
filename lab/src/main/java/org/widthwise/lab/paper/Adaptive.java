package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Section 3.3: Adam, RMSProp and sign descent obey Condition 1 at rates of their own.
 *
 * <p>Their entries are ±1 (times a constant) and aligned, so ‖raw update‖₂ = Θ(√(n_in·n_out)), and
 * the rate η/n_in gives the target at every layer. Gradient descent's rate η·n_out/n_in is n_out
 * times that: the first step, which starts from the same weights, is then too large by n at the
 * input and the hidden layer and right at a readout of one output. Later steps start from weights
 * that are wrong already, of which the theory says nothing.
 */
@AutoService(PaperItem.class)
public final class Adaptive implements PaperItem {

  private static final List<String> LAYERS = List.of("input", "hidden", "readout");

  private static final List<String> SIZES = List.of("‖ΔW₁‖₂ / √(n/n₀)", "‖ΔW₂‖₂", "‖ΔW₃‖₂ · √n");

  /** Found by the service loader. */
  public Adaptive() {}

  @Override
  public String id() {
    return "adaptive";
  }

  @Override
  public List<String> aliases() {
    return List.of("section3.3", "section-3.3", "adam");
  }

  @Override
  public int place() {
    return 330;
  }

  @Override
  public String title() {
    return "Section 3.3: entrywise update rules obey Condition 1 at rates of their own";
  }

  @Override
  public String claim() {
    return "Updates of Adam, RMSProp and sign descent meet the target at every layer and width with"
        + " η ∝ 1/n_in; with gradient descent's n_out/n_in they outgrow it by n.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "(Condition 1) ‖ΔW_ℓ‖₂ = Θ(√(n_ℓ/n_ℓ₋₁))",
        "(section 3.3) ‖sign ∇‖₂ = Θ(√(n_ℓ·n_ℓ₋₁)), so η_ℓ = η/n_ℓ₋₁",
        "(wrong) η_ℓ = η·n_ℓ/n_ℓ₋₁: too large by n_ℓ");
  }

  @Override
  public Study study() {
    return AdaptiveStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    List<PanelSpec> panels = new ArrayList<>();
    for (int layer = 1; layer <= LAYERS.size(); layer++) {
      Prediction wrong = Prediction.exponent(layer == LAYERS.size() ? 0 : 1);
      panels.add(panel("first", "the first step", layer, wrong));
      panels.add(panel("last", "the last step", layer, Prediction.none()));
    }
    panels.add(
        PanelSpec.logLog(
            "loss",
            "Loss at the rate that is best at n = 64",
            "loss after the last step",
            "section 3.3",
            Abscissa.WIDTH,
            List.of(
                adam(Prediction.none(), AdaptiveStudy.TUNED, "loss"),
                wrong(Prediction.none(), AdaptiveStudy.TUNED, "loss"))));
    return panels;
  }

  private static PanelSpec panel(String time, String when, int layer, Prediction wrong) {
    String value = Assumptions.name(time + ".update", layer);
    String name = LAYERS.get(layer - 1);
    return PanelSpec.logLog(
        time + "_" + name,
        "%s layer, %s"
            .formatted(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), when),
        SIZES.get(layer - 1),
        "section 3.3",
        Abscissa.WIDTH,
        List.of(
            Curve.of("sign", "sign descent", Prediction.flat(), "sign", value),
            adam(Prediction.flat(), "", value),
            Curve.of("rmsprop", "RMSProp", Prediction.flat(), "rmsprop", value),
            wrong(wrong, "", value)));
  }

  private static Curve adam(Prediction prediction, String suffix, String value) {
    return Curve.of("adam", "Adam", prediction, "adam" + suffix, value);
  }

  private static Curve wrong(Prediction prediction, String suffix, String value) {
    return Curve.of(
        "adam/sgd_rates",
        "Adam, SGD's rates",
        prediction,
        "adam" + AdaptiveStudy.WRONG + suffix,
        value);
  }
}
