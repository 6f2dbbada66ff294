package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Figure 3: hidden vectors and their gradients have low stable rank even at large batch size
 * (appendix A).
 *
 * <p>The caption says that both are "consistently much lower than their maximal possible values" of
 * 300; much lower is taken as an order of magnitude.
 */
@AutoService(PaperItem.class)
public final class Figure3 implements PaperItem {

  private static final double MUCH_LOWER = BatchStudy.WIDTH / 10.0;

  /** Found by the service loader. */
  public Figure3() {}

  @Override
  public String id() {
    return "fig3";
  }

  @Override
  public List<String> aliases() {
    return List.of("figure3", "figure-3", "3");
  }

  @Override
  public int place() {
    return 1010;
  }

  @Override
  public String title() {
    return "Figure 3: hidden vectors and their gradients have low stable rank at any batch size";
  }

  @Override
  public String claim() {
    return "A gradient step is the product of the layer's gradients and its incoming vectors; the"
        + " stable ranks of both remain much lower than 300, the most they could be.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "H₁′ = [h₁′(x₁) … h₁′(x_B)], G₂ = [g₂(x₁) … g₂(x_B)], g₂ = ∇_h₂ ℒ",
        "ΔW₂ ∝ G₂ H₁′ᵀ",
        "srnk(M) = ‖M‖_F² / ‖M‖₂²");
  }

  @Override
  public Study study() {
    return BatchStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel(UpdateGeometry.HIDDEN, "Stable rank of the incoming vectors", "srnk(H₁′)"),
        panel(UpdateGeometry.GRADIENT, "Stable rank of the gradients", "srnk(G₂)"));
  }

  private static PanelSpec panel(String value, String title, String quantity) {
    return BatchPanels.of(value, title, quantity, "appendix A", Prediction.atMost(MUCH_LOWER))
        .withReferences(BatchPanels.GREATEST_STABLE_RANK);
  }
}
