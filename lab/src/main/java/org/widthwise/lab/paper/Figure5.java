package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.plot.ReferenceLine;

/** Figure 5: Assumption 2, features keep their size through the nonlinearity (appendix C). */
@AutoService(PaperItem.class)
public final class Figure5 implements PaperItem {

  /** Found by the service loader. */
  public Figure5() {}

  @Override
  public String id() {
    return "fig5";
  }

  @Override
  public List<String> aliases() {
    return List.of("figure5", "figure-5", "5");
  }

  @Override
  public int place() {
    return 1220;
  }

  @Override
  public String title() {
    return "Figure 5: Assumption 2, features keep their size through the nonlinearity";
  }

  @Override
  public String claim() {
    return "Activations are of the size of preactivations at every layer and width, before and"
        + " after training; for ReLU about 1/√2 of it.";
  }

  @Override
  public List<String> equations() {
    return List.of("Assumption 2: ‖h_ℓ′(x)‖₂ = Θ(‖h_ℓ(x)‖₂)");
  }

  @Override
  public Study study() {
    return WidthStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(panel("init", "At initialisation"), panel("trained", "After training"));
  }

  private static PanelSpec panel(String time, String title) {
    return LayerPanels.of(
            time, title, "E‖h′‖₂ / ‖h‖₂", "Assumption 2", time + ".activation", List.of(1, 2))
        .withReferences(ReferenceLine.constant("1/√2", Math.sqrt(0.5)));
  }
}
