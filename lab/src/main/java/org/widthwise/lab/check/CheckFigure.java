package org.widthwise.lab.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.lab.plot.Axis;
import org.widthwise.lab.plot.DataPoint;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.FitLine;
import org.widthwise.lab.plot.Panel;
import org.widthwise.lab.plot.Series;
import org.widthwise.lab.plot.SlopeGuide;

/**
 * Draws a coordinate check: a panel for each quantity, a line for each layer, flat as predicted.
 */
public final class CheckFigure {

  /** More lines than there are colours cannot be told apart: the steepest are drawn. */
  private static final int MOST_LINES = 6;

  private CheckFigure() {}

  /**
   * The figure.
   *
   * @param title what was checked
   * @param result what was found
   * @param caption lines at the foot: data and configuration
   * @return the figure
   */
  public static Figure of(String title, CheckResult result, List<String> caption) {
    List<Panel> panels = new ArrayList<>();
    for (Quantity quantity :
        List.of(
            Quantity.WEIGHT,
            Quantity.UPDATE,
            Quantity.TOTAL_UPDATE,
            Quantity.FEATURE,
            Quantity.FEATURE_CHANGE,
            Quantity.TOTAL_FEATURE_CHANGE)) {
      panels.add(panel(quantity, result));
    }
    return Figure.of(title, 3, panels)
        .withSubtitle(
            "Flat is right. Of more than %d layers those with the steepest slopes are drawn."
                .formatted(MOST_LINES))
        .withBandLabel("smallest to largest over trials")
        .withCaption(caption.toArray(String[]::new));
  }

  private static String title(Quantity quantity) {
    return switch (quantity) {
      case WEIGHT -> "‖W‖₂ over target at initialisation";
      case UPDATE -> "‖ΔW‖₂ over target, first step";
      case TOTAL_UPDATE -> "‖W − W₀‖₂ over target, all steps";
      case FEATURE -> "RMS of features at initialisation";
      case FEATURE_CHANGE -> "RMS change of features, first step";
      case TOTAL_FEATURE_CHANGE -> "RMS change of features, all steps";
      case DECAY -> "rate times decay";
    };
  }

  private static Panel panel(Quantity quantity, CheckResult result) {
    List<LayerCheck> layers =
        result.layers().stream()
            .filter(layer -> slope(layer, quantity) != null)
            .sorted(
                (a, b) ->
                    Double.compare(Math.abs(slopeOf(b, quantity)), Math.abs(slopeOf(a, quantity))))
            .limit(MOST_LINES)
            .toList();
    List<LayerCheck> ordered = result.layers().stream().filter(layers::contains).toList();
    double[] widths = result.widths().stream().mapToDouble(w -> w).toArray();
    List<Series> series = new ArrayList<>();
    List<FitLine> fits = new ArrayList<>();
    for (int style = 0; style < ordered.size(); style++) {
      LayerCheck layer = ordered.get(style);
      QuantityCheck check = layer.get(quantity).orElseThrow();
      PowerLawFit fit = check.fit().orElseThrow();
      series.add(
          Series.of(
              "%s  %+.2f".formatted(layer.name(), fit.exponent()),
              style,
              points(widths, check.values())));
      fits.add(
          new FitLine(
              style,
              fit.exponent(),
              widths[0],
              fit.predict(widths[0]),
              widths[0],
              widths[widths.length - 1]));
    }
    return Panel.of(
            "",
            title(quantity),
            Axis.log2("width"),
            Axis.log10(quantity.id().replace('_', ' ')),
            series)
        .withFits(fits)
        .withGuides(List.of(new SlopeGuide(0, 0, "predicted: 0")));
  }

  private static @Nullable Double slope(LayerCheck layer, Quantity quantity) {
    return layer.get(quantity).flatMap(QuantityCheck::fit).map(PowerLawFit::exponent).orElse(null);
  }

  private static double slopeOf(LayerCheck layer, Quantity quantity) {
    Double slope = slope(layer, quantity);
    return slope == null ? 0 : slope;
  }

  private static List<DataPoint> points(double[] widths, List<List<Double>> values) {
    List<DataPoint> points = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      int index = i;
      double[] logs = values.stream().mapToDouble(trial -> Math.log(trial.get(index))).toArray();
      double mean = Arrays.stream(logs).average().orElseThrow();
      double least = Arrays.stream(logs).min().orElseThrow();
      double most = Arrays.stream(logs).max().orElseThrow();
      points.add(new DataPoint(widths[i], Math.exp(mean), Math.exp(least), Math.exp(most)));
    }
    return points;
  }
}
