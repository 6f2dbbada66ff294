package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.widthwise.core.norm.MatrixKind;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Table 1: stable rank, spectral norm, Frobenius norm and entry size of initial weights and of the
 * first update, against width, for all of its shapes (section 3.4). Every predicted exponent is the
 * entry of {@link org.widthwise.core.norm.NormTable}.
 */
@AutoService(PaperItem.class)
public final class Table1 implements PaperItem {

  /** Found by the service loader. */
  public Table1() {}

  @Override
  public String id() {
    return "table1";
  }

  @Override
  public List<String> aliases() {
    return List.of("table-1", "norms");
  }

  @Override
  public int place() {
    return 341;
  }

  @Override
  public String title() {
    return "Table 1: the norms of initial weights and of updates";
  }

  @Override
  public String claim() {
    return "Initial weights have the greatest possible stable rank and updates a constant one, so"
        + " matrices of equal spectral norm differ in Frobenius norm and in entry size.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "‖A‖_F = ‖A‖₂ · √(stable rank)",
        "RMS entry = ‖A‖_F / √(n_ℓ · n_ℓ₋₁)",
        "‖W‖₂ = Θ(√(n_ℓ/n_ℓ₋₁)), ‖ΔW‖₂ = Θ(√(n_ℓ/n_ℓ₋₁))");
  }

  @Override
  public Study study() {
    return UpdateStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    List<PanelSpec> panels = new ArrayList<>();
    for (TableColumn column : TableColumn.values()) {
      panels.add(
          panel("weights", "initial weights", "W", "init", MatrixKind.INITIAL_WEIGHTS, column));
      panels.add(panel("updates", "updates", "ΔW", "first", MatrixKind.UPDATE, column));
    }
    return panels;
  }

  private static PanelSpec panel(
      String id,
      String matrices,
      String symbol,
      String values,
      MatrixKind kind,
      TableColumn column) {
    return PanelSpec.logLog(
        id + "_" + column.id(),
        column.title() + " of " + matrices,
        column.quantity(symbol),
        "Table 1",
        Abscissa.WIDTH,
        Arrays.stream(TableShape.values())
            .map(
                shape ->
                    Curve.of(
                        shape.id(),
                        shape.label(),
                        Prediction.quarterExponent(shape.exponent(kind, column)),
                        shape.group(),
                        UpdateMember.name(values, shape.layer(), column.id())))
            .toList());
  }
}
