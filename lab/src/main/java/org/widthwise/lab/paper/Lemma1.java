package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Lemma 1, and Proposition 3 from which it follows: the stable rank of a hidden update does not
 * grow with the width, for any entrywise update rule (appendix B). For gradient descent this is
 * clear, whose updates have at most the rank of the batch; that of sign descent may have any rank.
 */
@AutoService(PaperItem.class)
public final class Lemma1 implements PaperItem {

  private static final int HIDDEN = 2;

  /** Found by the service loader. */
  public Lemma1() {}

  @Override
  public String id() {
    return "lemma1";
  }

  @Override
  public List<String> aliases() {
    return List.of("lemma-1", "proposition3", "prop3");
  }

  @Override
  public int place() {
    return 1110;
  }

  @Override
  public String title() {
    return "Lemma 1: updates have Frobenius norm and spectral norm of one size";
  }

  @Override
  public String claim() {
    return "Under gradient descent, Adam and sign descent, ‖ΔW‖_F/‖ΔW‖₂ of a hidden matrix does not"
        + " grow with the width, at the first step or later.";
  }

  @Override
  public List<String> equations() {
    return List.of("Lemma 1: ‖ΔW_ℓ‖_F / ‖ΔW_ℓ‖₂ = Θ(1)", "Proposition 3: ‖ΔW / ‖ΔW‖_F‖₂ = Θ(1)");
  }

  @Override
  public Study study() {
    return UpdateStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel("first", "First update", "ΔW"),
        panel("last", "Last update", "ΔW"),
        panel("total", "All updates together", "W_T − W₀"));
  }

  private static PanelSpec panel(String id, String title, String symbol) {
    return PanelSpec.logLog(
        id,
        title,
        "‖%1$s‖_F / ‖%1$s‖₂".formatted(symbol),
        "Lemma 1",
        Abscissa.WIDTH,
        UpdateStudy.RULES.stream().map(rule -> curve(rule, id)).toList());
  }

  private static Curve curve(UpdateRule rule, String time) {
    return Curve.of(
        rule.id(),
        switch (rule.id()) {
          case "sgd" -> "gradient descent";
          case "adam" -> "Adam";
          default -> rule.id() + " descent";
        },
        Prediction.flat(),
        rule.id(),
        UpdateMember.name(time, HIDDEN, "norm_ratio"));
  }
}
