package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.plot.ReferenceLine;

/**
 * Figure 6: Assumption 3, a batch does not cancel an example's own update (appendix C).
 *
 * <p>"After training" is where the loss first is below the paper's 0.01, or in the end if it never
 * is. What is left after all 10⁴ steps under μP is rounding of single precision, and so would be
 * the step.
 */
@AutoService(PaperItem.class)
public final class Figure6 implements PaperItem {

  /** Found by the service loader. */
  public Figure6() {}

  @Override
  public String id() {
    return "fig6";
  }

  @Override
  public List<String> aliases() {
    return List.of("figure6", "figure-6", "6");
  }

  @Override
  public int place() {
    return 1230;
  }

  @Override
  public String title() {
    return "Figure 6: Assumption 3, a batch does not cancel an example's own update";
  }

  @Override
  public String claim() {
    return "An example's own part of a gradient step moves its features as much as the whole step"
        + " does, up to a factor that does not depend on width and is about 1/√B.";
  }

  @Override
  public List<String> equations() {
    return List.of("Assumption 3: ‖ΔW_ℓ h(x_i)‖₂ = Θ(‖(1/B) ΔW_ℓ⁽ⁱ⁾ h(x_i)‖₂)");
  }

  @Override
  public Study study() {
    return WidthStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel("init", "At initialisation"), panel("trained", "Once the loss is below 0.01"));
  }

  private static PanelSpec panel(String time, String title) {
    return LayerPanels.of(
            time,
            title,
            "E‖(1/B) ΔW⁽ⁱ⁾h‖₂ / ‖ΔW h‖₂",
            "Assumption 3",
            time + ".own",
            List.of(1, 2, 3))
        .withReferences(ReferenceLine.constant("1/√B", 1 / Math.sqrt(WidthStudy.examples())));
  }
}
