package org.widthwise.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.widthwise.lab.plot.Axis;
import org.widthwise.lab.plot.DataPoint;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.FitLine;
import org.widthwise.lab.plot.Note;
import org.widthwise.lab.plot.Panel;
import org.widthwise.lab.plot.Scale;
import org.widthwise.lab.plot.Series;
import org.widthwise.lab.plot.SlopeGuide;
import org.widthwise.lab.run.MemberResult;

/** Turns the stored values of an item into its picture, what is predicted beside what was found. */
final class ItemPicture {

  private static final int COLUMNS = 2;

  private final PaperItem item;
  private final Collection<MemberResult> results;
  private final List<SlopeFit> fits;
  private final List<LevelCheck> levels;
  private final List<String> styles;

  private ItemPicture(
      PaperItem item,
      Collection<MemberResult> results,
      List<SlopeFit> fits,
      List<LevelCheck> levels) {
    this.item = item;
    this.results = results;
    this.fits = fits;
    this.levels = levels;
    this.styles = Curve.names(item.panels());
  }

  static Figure of(
      PaperItem item,
      JsonNode configuration,
      String data,
      Collection<MemberResult> results,
      List<SlopeFit> fits,
      List<LevelCheck> levels) {
    ItemPicture picture = new ItemPicture(item, results, fits, levels);
    List<Panel> panels = item.panels().stream().map(picture::panel).toList();
    int trials = configuration.path("trials").asInt();
    List<String> caption = new ArrayList<>();
    caption.add("Data: %s.".formatted(data));
    caption.add("Configuration: %s.".formatted(describe(configuration)));
    if (!fits.isEmpty()) {
      caption.add(picture.ruleForSlopes());
    }
    if (!levels.isEmpty()) {
      caption.add(
          "Levels ± one standard error, where they come off worst; a bound holds if the 95 %"
              + " confidence interval of the mean lies within it everywhere.");
    }
    return Figure.of(item.title(), Math.min(COLUMNS, panels.size()), panels)
        .withSubtitle(item.claim())
        .withBandLabel(trials == 1 ? "one trial" : "±1 s.d. over %d trials".formatted(trials))
        .withCaption(caption.toArray(String[]::new));
  }

  private String ruleForSlopes() {
    Set<String> ranges = new LinkedHashSet<>();
    Set<String> symbols = new LinkedHashSet<>();
    for (PanelSpec panel : item.panels()) {
      String symbol = panel.x().symbol();
      symbols.add(symbol);
      fits.stream()
          .filter(fit -> fit.panel().equals(panel.id()) && !Double.isNaN(fit.fromX()))
          .findFirst()
          .ifPresent(fit -> ranges.add("%s ≥ %d".formatted(symbol, (long) fit.fromX())));
    }
    String symbol = String.join(", ", symbols);
    String from = ranges.isEmpty() ? "" : " over " + String.join(", ", ranges);
    String tolerances =
        fits.stream()
            .map(SlopeFit::tolerance)
            .distinct()
            .sorted()
            .map(tolerance -> Double.toString(Math.round(1000 * tolerance) / 1000.0))
            .collect(Collectors.joining(" or "));
    return "Thin lines: least squares of log y on log "
        + symbol
        + from
        + ". Slopes ± one standard error; a prediction holds if the 95 % confidence interval lies"
        + " within "
        + tolerances
        + " of it.";
  }

  private static String describe(JsonNode configuration) {
    StringJoiner words = new StringJoiner("; ");
    for (Map.Entry<String, JsonNode> field : configuration.properties()) {
      JsonNode value = field.getValue();
      if (!value.isObject() && !(value.isArray() && value.isEmpty())) {
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

  private Panel panel(PanelSpec spec) {
    List<Series> curves = new ArrayList<>();
    List<SlopeGuide> guides = new ArrayList<>();
    List<FitLine> lines = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    for (Curve curve : spec.curves()) {
      int style = styles.indexOf(curve.id());
      curves.add(Series.of(curve.label(), style, points(curve)));
      fit(spec, curve)
          .ifPresent(
              fit -> {
                String predicted = Exponents.text(fit.expectedSlope());
                // One guide serves all curves that are predicted to be parallel.
                if (guides.stream().noneMatch(guide -> guide.slope() == fit.expectedSlope())) {
                  guides.add(new SlopeGuide(style, fit.expectedSlope(), predicted));
                }
                if (!Double.isNaN(fit.slope())) {
                  lines.add(line(style, fit));
                }
                notes.add(
                    Note.on(
                        style,
                        curve.label(),
                        "slope " + Exponents.slope(fit.slope(), fit.slopeStderr()),
                        "predicted " + predicted,
                        fit.verdict()));
              });
      level(spec, curve)
          .ifPresent(
              level ->
                  notes.add(
                      Note.on(
                          style,
                          curve.label(),
                          "level " + Exponents.level(level.mean(), level.stderr()),
                          Exponents.bounds(level.expectedLow(), level.expectedHigh()),
                          level.verdict())));
    }
    Axis y = spec.y() == Scale.LINEAR ? Axis.linear(spec.quantity()) : Axis.log10(spec.quantity());
    return Panel.of(letter(spec), spec.title(), spec.x().axis(), y, curves)
        .withGuides(guides)
        .withFits(lines)
        .withNotes(notes)
        .withReferences(spec.references());
  }

  /** A name that is a word is told by the title already. */
  private static String letter(PanelSpec spec) {
    return spec.id().length() == 1 ? spec.id() : "";
  }

  private static FitLine line(int style, SlopeFit fit) {
    return new FitLine(
        style,
        fit.slope(),
        fit.fromX(),
        fit.prefactor() * Math.pow(fit.fromX(), fit.slope()),
        fit.fromX(),
        fit.toX());
  }

  private Optional<SlopeFit> fit(PanelSpec panel, Curve curve) {
    return fits.stream()
        .filter(fit -> fit.panel().equals(panel.id()) && fit.series().equals(curve.id()))
        .findFirst();
  }

  private Optional<LevelCheck> level(PanelSpec panel, Curve curve) {
    return levels.stream()
        .filter(level -> level.panel().equals(panel.id()) && level.series().equals(curve.id()))
        .findFirst();
  }

  private List<DataPoint> points(Curve curve) {
    List<DataPoint> points = new ArrayList<>();
    curve
        .values(results)
        .forEach(
            (x, byTrial) -> {
              List<Double> values = byTrial.values().stream().filter(Double::isFinite).toList();
              if (!values.isEmpty()) {
                points.add(point(x, values));
              }
            });
    return points;
  }

  private static DataPoint point(double x, List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = values.size() > 1 ? Math.sqrt(squares / (values.size() - 1)) : 0;
    return DataPoint.withDeviation(x, mean, deviation);
  }
}
