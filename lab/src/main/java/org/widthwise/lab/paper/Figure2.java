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
 * Figure 2: spectral quantities are Θ(1) under μP but decay with width under NTP (section 6,
 * appendix A).
 */
@AutoService(PaperItem.class)
public final class Figure2 implements PaperItem {

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
  public int place() {
    return 600;
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
  public List<String> equations() {
    return List.of(
        "(23) E‖h₂(x) − h₂⁰(x)‖₂ / ‖h₂⁰(x)‖₂",
        "(24) E‖W₃h₂′(x)‖₂ / (‖W₃‖₂ ‖h₂′(x)‖₂)",
        "(μP) σ₁ = √(2/n₀), σ₂ = √(2/n), σ₃ = √2/n; η₁ = η·n/n₀, η₂ = η, η₃ = η/n",
        "(NTP) σ_ℓ = √(2/n_ℓ₋₁), η_ℓ = η/n_ℓ₋₁");
  }

  @Override
  public Study study() {
    return WidthStudy.INSTANCE;
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
    return PanelSpec.logLog(
        id,
        title,
        quantity,
        source,
        Abscissa.WIDTH,
        List.of(
            Curve.of("mup", "μP", Prediction.exponent(mup), "mup", id),
            Curve.of("ntp", "NTP", Prediction.exponent(ntp), "ntp", id)));
  }
}
