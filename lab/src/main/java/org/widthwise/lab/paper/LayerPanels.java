package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.Prediction;

/** Panels of {@link WidthStudy} with a curve for each layer under μP and NTP, Θ(1) in width. */
final class LayerPanels {

  private LayerPanels() {}

  /**
   * A panel.
   *
   * @param value the values' name before the layer's number
   * @param layers the layers, counted from 1
   */
  static PanelSpec of(
      String id, String title, String quantity, String source, String value, List<Integer> layers) {
    List<Curve> curves = new ArrayList<>();
    for (int layer : layers) {
      curves.add(curve("mup", "μP", value, layer));
    }
    for (int layer : layers) {
      curves.add(curve("ntp", "NTP", value, layer));
    }
    return PanelSpec.logLog(id, title, quantity, source, Abscissa.WIDTH, curves);
  }

  private static Curve curve(String group, String name, String value, int layer) {
    return Curve.of(
        group + "/" + layer,
        "%s, layer %d".formatted(name, layer),
        Prediction.flat(),
        group,
        Assumptions.name(value, layer));
  }
}
