package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.Prediction;

/** Panels of {@link ConditionStudy}: one layer, a curve for each scheme. */
final class SchemePanels {

  private SchemePanels() {}

  /** The exponent that theory gives a scheme at a layer. */
  @FunctionalInterface
  interface Theory {
    /** The exponent. */
    double exponent(WidthExponents exponents, int layer);
  }

  /** Before training: a curve for each scheme that initialises in a way of its own. */
  static PanelSpec initial(
      String quantity, String title, String formula, String source, int layer, Theory theory) {
    List<ConditionScheme> schemes =
        ConditionScheme.ALL.stream().filter(ConditionScheme::hasOwnInit).toList();
    return panel(
        "init." + quantity,
        title + " at initialisation",
        formula,
        source,
        layer,
        schemes,
        scheme -> theory.exponent(scheme.exponents(), layer));
  }

  /** The first step, of which theory speaks under every scheme. */
  static PanelSpec first(
      String quantity, String title, String formula, String source, int layer, Theory theory) {
    return panel(
        "first." + quantity,
        title + " in the first step",
        formula,
        source,
        layer,
        ConditionScheme.ALL,
        scheme -> theory.exponent(scheme.exponents(), layer));
  }

  /**
   * Step √T of a fixed number of steps T, then the last: equally far apart where time is counted in
   * powers. Under schemes where nothing grows with width in the first step the exponents stay;
   * where something does, later steps start from weights that depend on width in another way, and
   * theory says no more than that they blow up.
   */
  static List<PanelSpec> later(
      String quantity,
      UnaryOperator<String> titleAt,
      String formula,
      String source,
      int layers,
      Theory theory) {
    List<PanelSpec> panels = new ArrayList<>();
    for (String[] time : new String[][] {{"middle", "√T"}, {"last", "T"}}) {
      for (int layer = 1; layer <= layers; layer++) {
        int at = layer;
        panels.add(
            panel(
                time[0] + "." + quantity,
                titleAt.apply(time[1]),
                formula,
                source,
                layer,
                ConditionScheme.ALL,
                scheme ->
                    scheme.exponents().blowsUp()
                        ? Double.NaN
                        : theory.exponent(scheme.exponents(), at)));
      }
    }
    return panels;
  }

  /** NaN as an exponent is no prediction. */
  private static PanelSpec panel(
      String quantity,
      String title,
      String formula,
      String source,
      int layer,
      List<ConditionScheme> schemes,
      ToDoubleFunction<ConditionScheme> exponent) {
    String value = Assumptions.name(quantity, layer);
    return PanelSpec.logLog(
        value,
        "Layer %d: %s".formatted(layer, title),
        at(layer, formula),
        source,
        Abscissa.WIDTH,
        schemes.stream()
            .map(
                scheme ->
                    Curve.of(
                        scheme.id(),
                        scheme.label(),
                        prediction(exponent.applyAsDouble(scheme)),
                        scheme.id(),
                        value))
            .toList());
  }

  private static Prediction prediction(double exponent) {
    return Double.isNaN(exponent) ? Prediction.none() : Prediction.exponent(exponent);
  }

  /** A formula with ℓ for the layer and ₖ for the one below it. */
  static String at(int layer, String formula) {
    return formula.replace("ℓ", subscript(layer)).replace("ₖ", subscript(layer - 1));
  }

  /** A layer's number from 0 to 9 as a subscript. */
  static String subscript(int layer) {
    return String.valueOf((char) ('₀' + layer));
  }
}
