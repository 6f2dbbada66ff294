package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Study;

/** Figure 4: Assumption 1, updates do not cancel what they are added to (appendix C). */
@AutoService(PaperItem.class)
public final class Figure4 implements PaperItem {

  /** Found by the service loader. */
  public Figure4() {}

  @Override
  public String id() {
    return "fig4";
  }

  @Override
  public List<String> aliases() {
    return List.of("figure4", "figure-4", "4");
  }

  @Override
  public int place() {
    return 1210;
  }

  @Override
  public String title() {
    return "Figure 4: Assumption 1, updates do not cancel what they are added to";
  }

  @Override
  public String claim() {
    return "Weights and features after an update are of the size of both parts together, at every"
        + " layer and width, for one step and for all of training.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "(26) ‖W_ℓ + ΔW_ℓ‖₂ = Θ(‖W_ℓ‖₂ + ‖ΔW_ℓ‖₂)", "(27) ‖h_ℓ + Δh_ℓ‖₂ = Θ(‖h_ℓ‖₂ + ‖Δh_ℓ‖₂)");
  }

  @Override
  public Study study() {
    return WidthStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        weights("weights_training", "Weights, the whole training", "training"),
        features("features_training", "Features, the whole training", "training"),
        weights("weights_init", "Weights, the first step", "init"),
        features("features_init", "Features, the first step", "init"),
        weights("weights_trained", "Weights, one more step after training", "trained"),
        features("features_trained", "Features, one more step after training", "trained"));
  }

  private static PanelSpec weights(String id, String title, String time) {
    return LayerPanels.of(
        id, title, "‖W + ΔW‖₂ / (‖W‖₂ + ‖ΔW‖₂)", "eq. 26", time + ".weights", List.of(1, 2, 3));
  }

  private static PanelSpec features(String id, String title, String time) {
    return LayerPanels.of(
        id, title, "E‖h + Δh‖₂ / (‖h‖₂ + ‖Δh‖₂)", "eq. 27", time + ".features", List.of(1, 2, 3));
  }
}
