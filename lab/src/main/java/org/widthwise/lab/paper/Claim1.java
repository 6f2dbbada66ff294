package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.List;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;
import org.widthwise.torch.plan.InitScheme;

/**
 * Claim 1: how far random weights scale a fixed vector as much as their spectral norm allows
 * (section 3.1).
 *
 * <p>What is predicted: a Gaussian matrix makes of h a vector of size σ√fan-out·‖h‖₂ and has
 * spectral norm σ(√fan-in + √fan-out), so the alignment is √fan-out/(√fan-in + √fan-out), a
 * constant for n × n and 2n × n; a semi-orthogonal one with fan-out ≥ fan-in preserves every norm,
 * so it is 1 exactly. A row of one output, of either kind, gives it as the cosine of two unrelated
 * directions, of size 1/√n: the proviso on fan-out is needed.
 */
@AutoService(PaperItem.class)
public final class Claim1 implements PaperItem {

  /** How near ≈ is for n ≥ 64 where both sides grow. A row, √n/(√n + 1), only comes near later. */
  private static final double NEAR = 0.15;

  /** Found by the service loader. */
  public Claim1() {}

  @Override
  public String id() {
    return "claim1";
  }

  @Override
  public List<String> aliases() {
    return List.of("claim-1");
  }

  @Override
  public int place() {
    return 311;
  }

  @Override
  public String title() {
    return "Claim 1: random weights scale a vector as their spectral norm says";
  }

  @Override
  public String claim() {
    return "Where fan-out is no less than fan-in, ‖Wh‖₂ is ‖W‖₂‖h‖₂ up to a constant; where it is"
        + " less, as in a readout, it falls behind as the width grows.";
  }

  @Override
  public List<String> equations() {
    return List.of("Claim 1: ‖W_ℓ h_ℓ₋₁‖₂ = Θ(‖W_ℓ‖₂ · ‖h_ℓ₋₁‖₂)", "‖W_ℓ‖₂ ≈ σ_ℓ (√n_ℓ₋₁ + √n_ℓ)");
  }

  @Override
  public Study study() {
    return MatrixStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        PanelSpec.logLog(
            "gaussian",
            "Alignment of Gaussian weights",
            "‖Wh‖₂ / (‖W‖₂‖h‖₂)",
            "Claim 1",
            Abscissa.WIDTH,
            List.of(
                gaussian(MatrixShape.SQUARE, "alignment", Prediction.flat()),
                gaussian(MatrixShape.TALL, "alignment", Prediction.flat()),
                gaussian(MatrixShape.ROW, "alignment", Prediction.exponent(-0.5)))),
        PanelSpec.logLog(
            "orthogonal",
            "Alignment of semi-orthogonal weights",
            "‖Wh‖₂ / (‖W‖₂‖h‖₂)",
            "Claim 1",
            Abscissa.WIDTH,
            List.of(
                orthogonal(MatrixShape.SQUARE, MatrixStudy.exactlyOne()),
                orthogonal(MatrixShape.TALL, MatrixStudy.exactlyOne()),
                orthogonal(MatrixShape.ROW, Prediction.exponent(-0.5)))),
        PanelSpec.logLog(
                "edge",
                "Spectral norm of Gaussian weights",
                "‖W‖₂ / σ(√fan-in + √fan-out)",
                "section 3.1",
                Abscissa.WIDTH,
                List.of(
                    gaussian(MatrixShape.SQUARE, "edge", nearOne()),
                    gaussian(MatrixShape.TALL, "edge", nearOne()),
                    gaussian(MatrixShape.ROW, "edge", Prediction.flat())))
            .withLinearValues());
  }

  private static Prediction nearOne() {
    return Prediction.within(1 - NEAR, 1 + NEAR);
  }

  private static Curve gaussian(MatrixShape shape, String value, Prediction prediction) {
    return curve("gaussian", "Gaussian, ", InitScheme.GAUSSIAN, shape, value, prediction);
  }

  private static Curve orthogonal(MatrixShape shape, Prediction prediction) {
    return curve(
        "orthogonal",
        "semi-orthogonal, ",
        InitScheme.SEMI_ORTHOGONAL,
        shape,
        "alignment",
        prediction);
  }

  private static Curve curve(
      String id,
      String label,
      InitScheme scheme,
      MatrixShape shape,
      String value,
      Prediction prediction) {
    return Curve.of(
        id + "/" + shape.id(),
        label + shape.label(),
        prediction,
        MatrixStudy.series(Parametrizations.SPECTRAL, scheme, shape),
        value);
  }
}
