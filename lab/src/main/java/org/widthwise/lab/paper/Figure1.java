package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;
import org.widthwise.lab.plot.ReferenceLine;

/**
 * Figure 1: gradient updates have low stable rank and are aligned with incoming vectors even at
 * large batch size (section 3.2.3, appendix A).
 *
 * <p>The caption says that the stable rank remains less than 10. It gives no number for the
 * alignment, which "does not decay substantially". The bound here is what a vector that has nothing
 * to do with the update would reach: if its direction is random, the root mean square of ‖ΔW₂h‖₂ /
 * (‖ΔW₂‖₂‖h‖₂) is √(srnk(ΔW₂)/n₁), below √(10/300) by the caption's own numbers.
 */
@AutoService(PaperItem.class)
public final class Figure1 implements PaperItem {

  /** From the caption. */
  private static final double LOW_STABLE_RANK = 10;

  private static final double UNRELATED = Math.sqrt(LOW_STABLE_RANK / BatchStudy.WIDTH);

  /** Found by the service loader. */
  public Figure1() {}

  @Override
  public String id() {
    return "fig1";
  }

  @Override
  public List<String> aliases() {
    return List.of("figure1", "figure-1", "1");
  }

  @Override
  public int place() {
    return 322;
  }

  @Override
  public String title() {
    return "Figure 1: gradient updates have low rank and high alignment even at large batch size";
  }

  @Override
  public String claim() {
    return "The stable rank of a gradient step remains below 10, and it acts on the incoming"
        + " vectors more strongly than on others, however many examples it is averaged"
        + " over.";
  }

  @Override
  public List<String> equations() {
    return List.of("srnk(ΔW₂) = ‖ΔW₂‖_F² / ‖ΔW₂‖₂²", "(25) E‖ΔW₂h₁′(x)‖₂ / (‖ΔW₂‖₂ ‖h₁′(x)‖₂)");
  }

  @Override
  public Study study() {
    return BatchStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        BatchPanels.of(
                UpdateGeometry.STABLE_RANK,
                "Stable rank of the update",
                "srnk(ΔW₂)",
                "section 3.2.3",
                Prediction.atMost(LOW_STABLE_RANK))
            .withReferences(BatchPanels.GREATEST_STABLE_RANK),
        BatchPanels.of(
                UpdateGeometry.ALIGNMENT,
                "Alignment of the update with incoming vectors",
                "E‖ΔW₂h₁′‖₂ / (‖ΔW₂‖₂ ‖h₁′‖₂)",
                "eq. 25",
                Prediction.atLeast(UNRELATED))
            .withLinearValues()
            .withReferences(ReferenceLine.constant("√(10/300), unrelated vectors", UNRELATED)));
  }
}
