package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Proposition 4: under μP a hidden matrix stays of spectral norm Θ(1) and Frobenius norm Θ(√n)
 * (appendix B).
 */
@AutoService(PaperItem.class)
public final class Proposition4 implements PaperItem {

  /** Found by the service loader. */
  public Proposition4() {}

  @Override
  public String id() {
    return "prop4";
  }

  @Override
  public List<String> aliases() {
    return List.of("proposition4", "proposition-4", "theorem2");
  }

  @Override
  public int place() {
    return 1140;
  }

  @Override
  public String title() {
    return "Proposition 4: under μP a hidden matrix stays of spectral norm Θ(1) and Frobenius norm"
        + " Θ(√n)";
  }

  @Override
  public String claim() {
    return "At initialisation and after all of training, ‖W₂‖₂ does not depend on the width and"
        + " ‖W₂‖_F grows as its square root.";
  }

  @Override
  public List<String> equations() {
    return List.of("‖W‖₂ = Θ(1)", "‖W‖_F = Θ(√n)");
  }

  @Override
  public Study study() {
    return WidthStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel("spectral", "Spectral norm", "‖W₂‖₂", 0),
        panel("frobenius", "Frobenius norm", "‖W₂‖ (Frobenius)", 0.5));
  }

  private static PanelSpec panel(String norm, String title, String quantity, double exponent) {
    return PanelSpec.logLog(
        norm,
        title,
        quantity,
        "Proposition 4",
        Abscissa.WIDTH,
        List.of(
            curve("init", "at initialisation", norm, exponent),
            curve("trained", "after training", norm, exponent)));
  }

  private static Curve curve(String time, String label, String norm, double exponent) {
    return Curve.of("mup/" + time, label, Prediction.exponent(exponent), "mup", time + "." + norm);
  }
}
