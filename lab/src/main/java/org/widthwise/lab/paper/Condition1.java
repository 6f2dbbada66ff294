package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Study;

/**
 * Condition 1 under the schemes of sections 4 and 5: the spectral norms of weights and updates over
 * √(n_ℓ/n_ℓ₋₁), at every layer. Each scheme is predicted the exponent with which it keeps or breaks
 * the condition, by {@link WidthExponents}.
 */
@AutoService(PaperItem.class)
public final class Condition1 implements PaperItem {

  private static final int DEPTH = 3;

  /** Found by the service loader. */
  public Condition1() {}

  @Override
  public String id() {
    return "condition1";
  }

  @Override
  public List<String> aliases() {
    return List.of("condition-1");
  }

  @Override
  public int place() {
    return 100;
  }

  @Override
  public String title() {
    return "Condition 1: weights and updates of spectral norm Θ(√(n_ℓ/n_ℓ₋₁)), scheme by scheme";
  }

  @Override
  public String claim() {
    return "Parametrization 1, eqs. 16 and 17 in both forms and the corrected rule of section 5.4"
        + " keep Condition 1 at every layer; SP, NTP and the published rule break it.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "‖W_ℓ‖₂ = Θ(√(n_ℓ/n_ℓ₋₁)), ‖ΔW_ℓ‖₂ = Θ(√(n_ℓ/n_ℓ₋₁))",
        "(Parametrization 1) σ_ℓ = Θ(min{1, √(n_ℓ/n_ℓ₋₁)}/√n_ℓ₋₁), η_ℓ = Θ(n_ℓ/n_ℓ₋₁)",
        "(16) W_ℓ = σ √(n_ℓ/n_ℓ₋₁) W_ℓ′/‖W_ℓ′‖₂",
        "(17) ΔW_ℓ = −η √(n_ℓ/n_ℓ₋₁) ∇_ℓ/‖∇_ℓ‖₂",
        "(21) σ_ℓ = Θ(1/√n_ℓ₋₁), η_ℓ = Θ(1)",
        "(22) σ_ℓ = Θ(1/√n_ℓ₋₁), η_ℓ = Θ(1/n_ℓ₋₁)",
        "(5.4) ‖ΔW_ℓ‖ ∝ ‖W_ℓ‖, corrected ‖ΔW_ℓ‖ ∝ ‖W_ℓ‖/√min(n_ℓ, n_ℓ₋₁) (Frobenius)");
  }

  @Override
  public Study study() {
    return ConditionStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    List<PanelSpec> panels = new ArrayList<>();
    for (int layer = 1; layer <= DEPTH; layer++) {
      panels.add(
          SchemePanels.initial(
              "weight",
              "weights",
              "‖Wℓ‖₂ / √(nℓ/nₖ)",
              "Condition 1",
              layer,
              WidthExponents::weight));
    }
    for (int layer = 1; layer <= DEPTH; layer++) {
      panels.add(
          SchemePanels.first(
              "update",
              "update",
              "‖ΔWℓ‖₂ / √(nℓ/nₖ)",
              "Condition 1",
              layer,
              WidthExponents::update));
    }
    panels.addAll(
        SchemePanels.later(
            "update",
            step -> "update in step " + step,
            "‖ΔWℓ‖₂ / √(nℓ/nₖ)",
            "Condition 1",
            DEPTH,
            WidthExponents::update));
    return panels;
  }
}
