package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.plot.ReferenceLine;

/** Panels of {@link BatchStudy}: ReLU and tanh, at initialisation and after training. */
final class BatchPanels {

  /** The greatest stable rank that ΔW₂, H₁′ and G₂ can have at the paper's width. */
  static final ReferenceLine GREATEST_STABLE_RANK =
      ReferenceLine.constant("min(n₁, n₂) = 300", BatchStudy.WIDTH);

  private BatchPanels() {}

  /**
   * A panel.
   *
   * @param value the name of the values, which is the panel's too
   */
  static PanelSpec of(
      String value, String title, String quantity, String source, Prediction prediction) {
    List<Curve> curves = new ArrayList<>();
    for (String[] activation : new String[][] {{"relu", "ReLU"}, {"tanh", "tanh"}}) {
      curves.add(
          curve(
              activation[0], activation[1] + ", initial", prediction, BatchMember.INITIAL, value));
      curves.add(
          curve(
              activation[0], activation[1] + ", trained", prediction, BatchMember.TRAINED, value));
    }
    return PanelSpec.logLog(value, title, quantity, source, Abscissa.BATCH, curves);
  }

  private static Curve curve(
      String group, String label, Prediction prediction, String time, String value) {
    return Curve.along(group + "/" + time, label, prediction, group, time + "." + value);
  }
}
