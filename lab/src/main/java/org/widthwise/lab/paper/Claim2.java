package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Claim 2: an update of one example acts on that example as strongly as its spectral norm allows
 * (section 3.1, eq. 7; with a nonlinearity, eq. 14). The vector that comes into a layer from
 * another example is drawn beside it: of it the claim says nothing (footnote 3).
 */
@AutoService(PaperItem.class)
public final class Claim2 implements PaperItem {

  /** What double precision and the tolerance of the largest singular value leave of an equality. */
  private static final double ROUNDING = 1e-9;

  private static final int LAYERS = 3;

  /** Found by the service loader. */
  public Claim2() {}

  @Override
  public String id() {
    return "claim2";
  }

  @Override
  public List<String> aliases() {
    return List.of("claim-2");
  }

  @Override
  public int place() {
    return 312;
  }

  @Override
  public String title() {
    return "Claim 2: the update of a single example is aligned with it exactly";
  }

  @Override
  public String claim() {
    return "With batches of one example, ‖ΔW h‖₂ is ‖ΔW‖₂‖h‖₂ at every layer, of whatever shape,"
        + " linear or not, at every step.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "(7) ‖ΔW_ℓ h_ℓ₋₁(x)‖₂ = ‖ΔW_ℓ‖₂ · ‖h_ℓ₋₁(x)‖₂",
        "(14) ‖ΔW_ℓ h'_ℓ₋₁(x)‖₂ = ‖ΔW_ℓ‖₂ · ‖h'_ℓ₋₁(x)‖₂");
  }

  @Override
  public Study study() {
    return UpdateStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel("linear_first", "Linear, first step", UpdateStudy.SINGLE_LINEAR, "first"),
        panel("linear_last", "Linear, last step", UpdateStudy.SINGLE_LINEAR, "last"),
        panel("relu_first", "ReLU, first step", UpdateStudy.SINGLE_RELU, "first"),
        panel("relu_last", "ReLU, last step", UpdateStudy.SINGLE_RELU, "last"));
  }

  private static PanelSpec panel(String id, String title, String group, String time) {
    List<Curve> curves = new ArrayList<>();
    for (int layer = 1; layer <= LAYERS; layer++) {
      curves.add(
          Curve.of(
              "own/" + layer,
              "layer " + layer,
              Prediction.within(1 - ROUNDING, 1 + ROUNDING),
              group,
              time + ".own." + layer));
    }
    for (int layer = 1; layer <= LAYERS; layer++) {
      curves.add(
          Curve.of(
              "other/" + layer,
              "layer " + layer + ", another example",
              Prediction.none(),
              group,
              time + ".other." + layer));
    }
    return PanelSpec.logLog(id, title, "‖ΔW h‖₂ / (‖ΔW‖₂‖h‖₂)", "Claim 2", Abscissa.WIDTH, curves)
        .withLinearValues();
  }
}
