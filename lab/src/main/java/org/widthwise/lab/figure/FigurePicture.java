package org.widthwise.lab.figure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.widthwise.lab.plot.Axis;
import org.widthwise.lab.plot.DataPoint;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.FitLine;
import org.widthwise.lab.plot.Note;
import org.widthwise.lab.plot.Panel;
import org.widthwise.lab.plot.Series;
import org.widthwise.lab.plot.SlopeGuide;
import org.widthwise.lab.run.MemberResult;

/** Turns the stored values of a figure into its picture: log–log, slopes predicted and measured. */
final class FigurePicture {

  private static final int COLUMNS = 2;

  private FigurePicture() {}

  static Figure of(FigureExperiment figure, FigureReport report, Collection<MemberResult> results) {
    List<Panel> panels = new ArrayList<>();
    for (PanelSpec panel : figure.panels()) {
      panels.add(panel(figure, panel, report, results));
    }
    JsonNode configuration = report.configuration();
    int trials = configuration.path("trials").asInt();
    Figure picture =
        Figure.of(figure.title(), Math.min(COLUMNS, panels.size()), panels)
            .withSubtitle(figure.claim())
            .withBandLabel(trials == 1 ? "one trial" : "±1 s.d. over %d trials".formatted(trials));
    return picture.withCaption(
        "Data: %s.".formatted(report.dataDescription()),
        "Configuration: %s.".formatted(describe(configuration)),
        "Thin lines: least squares of log y on log n over n ≥ %s. Slopes ± one standard error;"
                .formatted(firstFitted(report))
            + " a prediction holds if the 95 % confidence interval lies within "
            + SlopeFits.TOLERANCE
            + " of it.");
  }

  private static String firstFitted(FigureReport report) {
    return report.fits().stream()
        .filter(fit -> !Double.isNaN(fit.fromX()))
        .findFirst()
        .map(fit -> Long.toString((long) fit.fromX()))
        .orElse("?");
  }

  private static String describe(JsonNode configuration) {
    StringJoiner words = new StringJoiner("; ");
    for (Map.Entry<String, JsonNode> field : configuration.properties()) {
      JsonNode value = field.getValue();
      if (!value.isObject() && !field.getKey().equals("figure")) {
        words.add(field.getKey().replace('_', ' ') + " " + text(value));
      }
    }
    return words.toString();
  }

  private static String text(JsonNode value) {
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(", "))
        : value.asText();
  }

  private static Panel panel(
      FigureExperiment figure,
      PanelSpec spec,
      FigureReport report,
      Collection<MemberResult> results) {
    List<Series> curves = new ArrayList<>();
    List<SlopeGuide> guides = new ArrayList<>();
    List<FitLine> lines = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    for (int style = 0; style < figure.series().size(); style++) {
      SeriesSpec series = figure.series().get(style);
      curves.add(Series.of(series.label(), style, points(spec.id(), series.id(), results)));
      SlopeFit fit = fit(report, spec.id(), series.id());
      String predicted = fraction(fit.expectedSlope());
      if (!Double.isNaN(fit.expectedSlope())) {
        guides.add(new SlopeGuide(style, fit.expectedSlope(), predicted));
      }
      if (!Double.isNaN(fit.slope())) {
        lines.add(
            new FitLine(
                style,
                fit.slope(),
                fit.fromX(),
                fit.prefactor() * Math.pow(fit.fromX(), fit.slope()),
                fit.fromX(),
                fit.toX()));
      }
      notes.add(
          Note.on(
              style,
              series.label(),
              "slope " + measured(fit),
              "predicted " + predicted,
              fit.verdict()));
    }
    return Panel.of(
            spec.id(), spec.title(), Axis.log2("width n"), Axis.log10(spec.quantity()), curves)
        .withGuides(guides)
        .withFits(lines)
        .withNotes(notes);
  }

  private static SlopeFit fit(FigureReport report, String panel, String series) {
    return report.fits().stream()
        .filter(fit -> fit.panel().equals(panel) && fit.series().equals(series))
        .findFirst()
        .orElseThrow();
  }

  private static List<DataPoint> points(
      String panel, String series, Collection<MemberResult> results) {
    SortedMap<Long, List<Double>> byX = new TreeMap<>();
    for (MemberResult result : results) {
      double value = result.values().getOrDefault(panel, Double.NaN);
      if (result.key().series().equals(series) && Double.isFinite(value)) {
        byX.computeIfAbsent(result.key().x(), x -> new ArrayList<>()).add(value);
      }
    }
    List<DataPoint> points = new ArrayList<>();
    byX.forEach((x, values) -> points.add(point(x, values)));
    return points;
  }

  private static DataPoint point(double x, List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = values.size() > 1 ? Math.sqrt(squares / (values.size() - 1)) : 0;
    return DataPoint.withDeviation(x, mean, deviation);
  }

  private static String measured(SlopeFit fit) {
    if (Double.isNaN(fit.slope())) {
      return "unknown";
    }
    String slope = String.format(Locale.ROOT, "%.2f", fit.slope());
    return (Double.isNaN(fit.slopeStderr())
            ? slope
            : slope + String.format(Locale.ROOT, " ± %.2f", fit.slopeStderr()))
        .replace('-', '−');
  }

  /** The exponents of the theory are multiples of ½ and read best so. */
  private static String fraction(double slope) {
    if (Double.isNaN(slope)) {
      return "nothing";
    }
    double doubled = 2 * slope;
    if (doubled != Math.rint(doubled)) {
      return String.format(Locale.ROOT, "%.2f", slope).replace('-', '−');
    }
    String sign = slope < 0 ? "−" : "";
    long halves = Math.abs((long) doubled);
    return sign + (halves % 2 == 0 ? Long.toString(halves / 2) : halves + "/2");
  }
}
