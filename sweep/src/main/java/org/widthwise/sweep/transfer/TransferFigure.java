package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.widthwise.lab.plot.Axis;
import org.widthwise.lab.plot.DataPoint;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.FitLine;
import org.widthwise.lab.plot.Panel;
import org.widthwise.lab.plot.Series;

/** Draws loss against learning rate, one curve a width, and the best rate against width. */
public final class TransferFigure {

  /** A loss so many times the best one says nothing of where the best rate is. */
  private static final double GREATEST_RATIO = 8;

  /** What bands mean, for legends. */
  static final String BANDS = "smallest to largest over seeds";

  private TransferFigure() {}

  /**
   * The losses of one series.
   *
   * @param transfer what was found
   * @param curves the curves of the series, ascending in width
   * @param metric what is taken for the loss
   * @return a panel
   */
  public static Panel losses(SeriesTransfer transfer, List<RateCurve> curves, String metric) {
    double best =
        transfer.widths().stream().mapToDouble(WidthOptimum::loss).min().orElse(Double.NaN);
    List<Series> series = new ArrayList<>();
    for (int style = 0; style < curves.size(); style++) {
      RateCurve curve = curves.get(style);
      double[] means = curve.meanLogLosses();
      List<DataPoint> points = new ArrayList<>();
      for (int rate = 0; rate < means.length; rate++) {
        int column = rate;
        double[] losses =
            curve.losses().stream()
                .mapToDouble(ofSeed -> ofSeed.get(column))
                .filter(Double::isFinite)
                .toArray();
        double mean = Math.exp(means[rate]);
        if (mean <= GREATEST_RATIO * best) {
          points.add(
              new DataPoint(
                  curve.rates().get(rate),
                  mean,
                  Arrays.stream(losses).min().orElse(Double.NaN),
                  Arrays.stream(losses).max().orElse(Double.NaN)));
        }
      }
      series.add(Series.of("width " + curve.width(), style, points));
    }
    return Panel.of(
        "",
        transfer.series(),
        Axis.log2("learning rate"),
        Axis.log10(metric.replace('_', ' ')),
        series);
  }

  /**
   * The best rates of all series over those of their narrowest widths, with their intervals and the
   * lines through them. Rates of different parametrizations have no common measure.
   *
   * @param transfers what was found
   * @return a panel
   */
  public static Panel optima(List<SeriesTransfer> transfers) {
    List<Series> series = new ArrayList<>();
    List<FitLine> fits = new ArrayList<>();
    for (int style = 0; style < transfers.size(); style++) {
      SeriesTransfer transfer = transfers.get(style);
      double base = transfer.widths().get(0).learningRate();
      List<DataPoint> points =
          transfer.widths().stream()
              .map(
                  w ->
                      new DataPoint(
                          w.width(), w.learningRate() / base, w.lower() / base, w.upper() / base))
              .toList();
      series.add(
          Series.of(
              Double.isNaN(transfer.drift())
                  ? transfer.series()
                  : String.format(Locale.ROOT, "%s  %+.2f", transfer.series(), transfer.drift()),
              style,
              points));
      if (Double.isFinite(transfer.drift())) {
        fits.add(line(style, transfer));
      }
    }
    return Panel.of(
            "",
            "best rate over that of the narrowest width",
            Axis.log2("width"),
            Axis.log2("ratio of learning rates"),
            series)
        .withFits(fits);
  }

  /** Through the middle of the points that the drift was fitted to. */
  private static FitLine line(int style, SeriesTransfer transfer) {
    List<WidthOptimum> fitted = transfer.widths().stream().filter(WidthOptimum::bracketed).toList();
    double x = Math.exp(fitted.stream().mapToDouble(w -> Math.log(w.width())).average().orElse(0));
    double y =
        Math.exp(fitted.stream().mapToDouble(w -> Math.log(w.learningRate())).average().orElse(0))
            / transfer.widths().get(0).learningRate();
    return new FitLine(
        style,
        transfer.drift(),
        x,
        y,
        fitted.get(0).width(),
        fitted.get(fitted.size() - 1).width());
  }

  /**
   * All panels in one figure.
   *
   * @param title what was swept
   * @param transfers what was found
   * @param curves the curves by series
   * @param metric what is taken for the loss
   * @param caption lines at the foot
   * @return the figure
   */
  public static Figure of(
      String title,
      List<SeriesTransfer> transfers,
      Map<String, List<RateCurve>> curves,
      String metric,
      List<String> caption) {
    List<Panel> panels = new ArrayList<>();
    for (SeriesTransfer transfer : transfers) {
      panels.add(losses(transfer, curves.getOrDefault(transfer.series(), List.of()), metric));
    }
    panels.add(optima(transfers));
    return Figure.of(title, 2, panels)
        .withBandLabel(BANDS + "; of a best rate its interval")
        .withCaption(caption.toArray(String[]::new));
  }
}
