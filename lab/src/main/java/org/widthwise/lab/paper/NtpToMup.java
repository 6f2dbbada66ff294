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
 * Section 5.3: NTP with a rescaled output and rate is μP, step by step.
 *
 * <p>Both factors are needed. Divided by √n, the readout is effectively W₃/√n, of μP's deviation.
 * The gradients by the weights below shrink by √n like the readout itself, which is already so in
 * μP, so that their rates η/n (η/n₀ at the input) must become η (η·n/n₀): n times as much. The
 * readout's own gradient shrinks by √n and its step by √n again on the way out, so that its
 * effective rate is n·(η/n)/n = η/n.
 */
@AutoService(PaperItem.class)
public final class NtpToMup implements PaperItem {

  /**
   * What rounding can do in float64: 10⁴ steps that each leave 10⁻¹⁵ on outputs that residuals of
   * 10⁻² are the difference of, squared in the loss, make some 10⁻⁹.
   */
  private static final double ROUNDING = 1e-9;

  /** Differences of order 1 are above a tenth. */
  private static final double ORDER_ONE = 0.1;

  /** Found by the service loader. */
  public NtpToMup() {}

  @Override
  public String id() {
    return "ntp-to-mup";
  }

  @Override
  public List<String> aliases() {
    return List.of("section5.3", "section-5.3");
  }

  @Override
  public int place() {
    return 530;
  }

  @Override
  public String title() {
    return "Section 5.3: NTP with its output and learning rate rescaled is μP";
  }

  @Override
  public String claim() {
    return "With the output divided by √n and all rates multiplied by n, NTP takes the very steps"
        + " of μP, to rounding; with the output alone rescaled, or nothing, it does not.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "f → f/√n, η_ℓ → n·η_ℓ",
        "(NTP) σ_ℓ = √(2/n_ℓ₋₁), η_ℓ = η/n_ℓ₋₁",
        "(μP) σ₁ = √(2/n₀), σ₂ = √(2/n), σ₃ = √2/n; η₁ = η·n/n₀, η₂ = η, η₃ = η/n");
  }

  @Override
  public Study study() {
    return RescaleStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel("loss", "Loss, all along the training", "max |ℒ − ℒ_μP| / max(ℒ, ℒ_μP)"),
        panel("outputs", "Outputs after training", "‖f − f_μP‖₂ / ‖f_μP‖₂"),
        panel("hidden", "Change of the hidden weights", "‖ΔW₂ − ΔW₂_μP‖ / ‖ΔW₂_μP‖ (Frobenius)"),
        PanelSpec.logLog(
            "single_precision",
            "Both rescaled, in single precision",
            "relative difference",
            "section 5.3",
            Abscissa.WIDTH,
            List.of(
                single("loss", "loss"), single("outputs", "outputs"), single("hidden", "ΔW₂"))));
  }

  private static PanelSpec panel(String value, String title, String quantity) {
    return PanelSpec.logLog(
        value,
        title,
        quantity,
        "section 5.3",
        Abscissa.WIDTH,
        List.of(
            curve(RescaleMember.BOTH, "both rescaled", Prediction.atMost(ROUNDING), value),
            curve(RescaleMember.OUTPUT, "output only", Prediction.atLeast(ORDER_ONE), value),
            curve(RescaleMember.NEITHER, "neither (NTP)", Prediction.atLeast(ORDER_ONE), value)));
  }

  private static Curve curve(String way, String label, Prediction prediction, String value) {
    return Curve.of(way, label, prediction, RescaleStudy.DOUBLE, value + "." + way);
  }

  private static Curve single(String value, String label) {
    return Curve.of(
        "float32/" + value,
        "float32, " + label,
        Prediction.none(),
        RescaleStudy.SINGLE,
        value + "." + RescaleMember.BOTH);
  }
}
