package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Study;

/**
 * Desideratum 1 in the networks of {@link Condition1}: the sizes of features and of their changes
 * over √n_ℓ, averaged over the batch. The output is shown too, of which the desideratum does not
 * speak, but whose change an update of the right size makes Θ(1).
 */
@AutoService(PaperItem.class)
public final class Desideratum1 implements PaperItem {

  private static final int DEPTH = 3;

  /** Found by the service loader. */
  public Desideratum1() {}

  @Override
  public String id() {
    return "desideratum1";
  }

  @Override
  public List<String> aliases() {
    return List.of("desideratum-1");
  }

  @Override
  public int place() {
    return 101;
  }

  @Override
  public String title() {
    return "Desideratum 1: features and their changes of size Θ(√n_ℓ), scheme by scheme";
  }

  @Override
  public String claim() {
    return "Where Condition 1 holds, features and their changes are of Θ(1) entry size; under SP"
        + " and the published rule of section 5.4 they blow up, under NTP they stop changing.";
  }

  @Override
  public List<String> equations() {
    return List.of("‖h_ℓ‖₂ = Θ(√n_ℓ), ‖Δh_ℓ‖₂ = Θ(√n_ℓ) at layers ℓ = 1, …, L−1");
  }

  @Override
  public Study study() {
    return ConditionStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    List<PanelSpec> panels = new ArrayList<>();
    for (int layer = 1; layer < DEPTH; layer++) {
      panels.add(
          SchemePanels.initial(
              "feature",
              "features",
              "E‖hℓ‖₂ / √nℓ",
              "Desideratum 1",
              layer,
              WidthExponents::feature));
    }
    for (int layer = 1; layer <= DEPTH; layer++) {
      panels.add(
          SchemePanels.first(
              "feature_change",
              "change of features",
              "E‖Δhℓ‖₂ / √nℓ",
              "Desideratum 1",
              layer,
              WidthExponents::featureChange));
    }
    panels.addAll(
        SchemePanels.later(
            "feature_change",
            steps -> "change of features in %s steps".formatted(steps),
            "E‖hℓ − hℓ⁰‖₂ / √nℓ",
            "Desideratum 1",
            DEPTH,
            WidthExponents::featureChange));
    return panels;
  }
}
