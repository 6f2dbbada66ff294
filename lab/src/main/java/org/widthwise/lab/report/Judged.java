package org.widthwise.lab.report;

import java.util.Locale;
import java.util.Optional;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.Exponents;
import org.widthwise.lab.experiment.LevelCheck;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.SlopeFit;

/**
 * A prediction of either kind, with what was measured. NaN and infinite bounds stand for what could
 * not be measured.
 *
 * @param exponent whether it is an exponent, not a level
 * @param panel the panel's letter, if it has one, and title
 * @param quantity what was measured, as a formula
 * @param curve the curve as the picture names it
 * @param predicted what was predicted, in words
 * @param value the measured number
 * @param error its standard error
 * @param low the lower end of its confidence interval
 * @param high the upper end of its confidence interval
 * @param acceptedLow the smallest accepted number
 * @param acceptedHigh the largest accepted number
 * @param where the abscissae that were fitted, or the one where a level comes off worst
 * @param trials how many trials it is from
 * @param verdict {@code holds}, {@code fails} or {@code undecided}
 */
record Judged(
    boolean exponent,
    String panel,
    String quantity,
    String curve,
    String predicted,
    double value,
    double error,
    double low,
    double high,
    double acceptedLow,
    double acceptedHigh,
    String where,
    int trials,
    String verdict) {

  static Judged of(PaperItem item, SlopeFit fit) {
    String symbol = symbol(item, fit.panel());
    return new Judged(
        true,
        heading(item, fit.panel()),
        fit.quantity(),
        curve(item, fit.panel(), fit.series()),
        Exponents.text(fit.expectedSlope()),
        fit.slope(),
        fit.slopeStderr(),
        fit.slopeLow(),
        fit.slopeHigh(),
        fit.expectedSlope() - fit.tolerance(),
        fit.expectedSlope() + fit.tolerance(),
        Double.isNaN(fit.fromX())
            ? "–"
            : "%s = %s to %s".formatted(symbol, whole(fit.fromX()), whole(fit.toX())),
        fit.trials(),
        fit.verdict());
  }

  static Judged of(PaperItem item, LevelCheck level) {
    return new Judged(
        false,
        heading(item, level.panel()),
        level.quantity(),
        curve(item, level.panel(), level.series()),
        Exponents.bounds(level.expectedLow(), level.expectedHigh()),
        level.mean(),
        level.stderr(),
        level.low(),
        level.high(),
        level.expectedLow(),
        level.expectedHigh(),
        Double.isNaN(level.atX())
            ? "–"
            : "%s = %s".formatted(symbol(item, level.panel()), whole(level.atX())),
        level.trials(),
        level.verdict());
  }

  private static String whole(double abscissa) {
    return String.format(Locale.ROOT, "%.0f", abscissa);
  }

  private static Optional<PanelSpec> panel(PaperItem item, String id) {
    return item.panels().stream().filter(panel -> panel.id().equals(id)).findFirst();
  }

  private static String heading(PaperItem item, String panel) {
    return panel(item, panel)
        .map(spec -> spec.id().length() == 1 ? spec.id() + ": " + spec.title() : spec.title())
        .orElse(panel);
  }

  private static String symbol(PaperItem item, String panel) {
    return panel(item, panel).map(spec -> spec.x().symbol()).orElse("x");
  }

  private static String curve(PaperItem item, String panel, String id) {
    return panel(item, panel).stream()
        .flatMap(spec -> spec.curves().stream())
        .filter(curve -> curve.id().equals(id))
        .map(Curve::label)
        .findFirst()
        .orElse(id);
  }

  /** How far the measured number is from what is accepted; 0 within, NaN if it is unknown. */
  double distance() {
    return Double.isNaN(value) ? value : Math.max(0, excess(value, value));
  }

  /** How far the confidence interval reaches out of what is accepted; 0 within. */
  double reach() {
    return Math.max(0, excess(low, high));
  }

  private double excess(double from, double to) {
    return Math.max(acceptedLow - from, to - acceptedHigh);
  }

  String measured() {
    return text(value, error);
  }

  String accepted() {
    return Exponents.bounds(acceptedLow, acceptedHigh);
  }

  String interval() {
    return Double.isInfinite(low) || Double.isInfinite(high)
        ? "unknown"
        : text(low, Double.NaN) + " to " + text(high, Double.NaN);
  }

  /** A distance for people; what is infinite for want of trials is unknown. */
  String distance(double distance) {
    return Double.isInfinite(distance) ? "unknown" : text(distance, Double.NaN);
  }

  private String text(double number, double itsError) {
    return exponent ? Exponents.slope(number, itsError) : Exponents.level(number, itsError);
  }
}
