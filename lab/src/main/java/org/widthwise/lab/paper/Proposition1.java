package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;
import org.widthwise.torch.plan.InitScheme;

/**
 * Proposition 1: Frobenius over spectral norm of initial weights, in every parametrization
 * (appendix B).
 *
 * <p>The ratio does not depend on the scale of the entries, which is all that parametrizations
 * differ in; they scale the same draws, so their curves differ by rounding alone. A semi-orthogonal
 * matrix has n equal singular values and so √n exactly.
 */
@AutoService(PaperItem.class)
public final class Proposition1 implements PaperItem {

  /** Found by the service loader. */
  public Proposition1() {}

  @Override
  public String id() {
    return "prop1";
  }

  @Override
  public List<String> aliases() {
    return List.of("proposition1", "proposition-1");
  }

  @Override
  public int place() {
    return 1120;
  }

  @Override
  public String title() {
    return "Proposition 1: at initialisation ‖W‖_F/‖W‖₂ is √n for matrices and 1 for vectors";
  }

  @Override
  public String claim() {
    return "In every parametrization ‖W‖_F/‖W‖₂ grows as √n for a hidden matrix at initialisation,"
        + " and is exactly 1 for a vector.";
  }

  @Override
  public List<String> equations() {
    return List.of("Proposition 1: ‖W‖_F / ‖W‖₂ = Θ(√n) for matrices, 1 for vectors");
  }

  @Override
  public Study study() {
    return MatrixStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        panel("matrix", "A hidden matrix", MatrixShape.SQUARE, Prediction.exponent(0.5)),
        panel("column", "A vector: fan-in 1", MatrixShape.COLUMN, MatrixStudy.exactlyOne()),
        panel("row", "A vector: fan-out 1", MatrixShape.ROW, MatrixStudy.exactlyOne()));
  }

  private static PanelSpec panel(
      String id, String title, MatrixShape shape, Prediction prediction) {
    List<Curve> curves = new ArrayList<>();
    for (Parametrization parametrization : MatrixStudy.PARAMETRIZATIONS) {
      curves.add(
          Curve.of(
              parametrization.id(),
              label(parametrization),
              prediction,
              MatrixStudy.series(parametrization, InitScheme.GAUSSIAN, shape),
              "ratio"));
    }
    curves.add(
        Curve.of(
            "spectral/orthogonal",
            "spectral, semi-orthogonal",
            prediction,
            MatrixStudy.series(Parametrizations.SPECTRAL, InitScheme.SEMI_ORTHOGONAL, shape),
            "ratio"));
    return PanelSpec.logLog(
        id, title + ", " + shape.label(), "‖W‖_F / ‖W‖₂", "Proposition 1", Abscissa.WIDTH, curves);
  }

  private static String label(Parametrization parametrization) {
    return switch (parametrization.id()) {
      case "mup" -> "μP";
      case "spectral" -> "spectral";
      default -> parametrization.id().toUpperCase(Locale.ROOT);
    };
  }
}
