package org.widthwise.lab.figure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.Interval;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.run.MemberResult;

/**
 * Fits a power of width to every curve of a figure and judges it, by one rule for all: the claim
 * holds if the confidence interval of the slope lies within {@link #TOLERANCE} of the prediction,
 * fails if it lies outside, and is undecided otherwise; and always with two widths, through which
 * some power law goes whatever the truth is.
 */
final class SlopeFits {

  /**
   * The exponents of the theory are multiples of ½, so a slope within ¼ of a prediction is nearer
   * to it than to any other. That, less a margin, because the predictions are for infinite width
   * and slopes at finite width are still on their way.
   */
  static final double TOLERANCE = 0.2;

  /** Where at least so many widths are at hand, narrower networks are drawn but not fitted. */
  private static final long ASYMPTOTIC_FROM = 64;

  private static final int FEWEST_WIDTHS = 3;

  private SlopeFits() {}

  static List<SlopeFit> of(FigureExperiment figure, Collection<MemberResult> results) {
    List<SlopeFit> fits = new ArrayList<>();
    for (PanelSpec panel : figure.panels()) {
      for (SeriesSpec series : figure.series()) {
        fits.add(fit(panel, series, values(panel.id(), series.id(), results)));
      }
    }
    return fits;
  }

  /** The values by width and trial; those that are not positive numbers are left out. */
  private static SortedMap<Long, SortedMap<Integer, Double>> values(
      String panel, String series, Collection<MemberResult> results) {
    SortedMap<Long, SortedMap<Integer, Double>> values = new TreeMap<>();
    for (MemberResult result : results) {
      double value = result.values().getOrDefault(panel, Double.NaN);
      if (result.key().series().equals(series) && value > 0 && Double.isFinite(value)) {
        values
            .computeIfAbsent(result.key().x(), x -> new TreeMap<>())
            .put(result.key().trial(), value);
      }
    }
    return values;
  }

  private static SlopeFit fit(
      PanelSpec panel, SeriesSpec series, SortedMap<Long, SortedMap<Integer, Double>> values) {
    double expected = panel.predictedSlopes().getOrDefault(series.id(), Double.NaN);
    SortedMap<Long, SortedMap<Integer, Double>> wide = values.tailMap(ASYMPTOTIC_FROM);
    SortedMap<Long, SortedMap<Integer, Double>> fitted =
        wide.size() >= FEWEST_WIDTHS ? wide : values;
    SortedSet<Integer> trials = commonTrials(fitted);
    if (fitted.size() < 2 || trials.isEmpty()) {
      return unfitted(panel, series, expected);
    }
    double[] x = fitted.keySet().stream().mapToDouble(Long::doubleValue).toArray();
    double[][] y =
        trials.stream()
            .map(
                trial ->
                    fitted.values().stream()
                        .mapToDouble(byTrial -> byTrial.getOrDefault(trial, Double.NaN))
                        .toArray())
            .toArray(double[][]::new);
    PowerLawFit fit = PowerLaw.fitTrials(x, y);
    ExponentClaim claim = ExponentClaim.of(Double.isNaN(expected) ? 0 : expected, TOLERANCE);
    Interval interval = fit.confidenceInterval(claim.confidence());
    Verdict verdict =
        Double.isNaN(expected) || fitted.size() < FEWEST_WIDTHS
            ? Verdict.UNDECIDED
            : claim.judge(fit);
    return new SlopeFit(
        panel.id(),
        panel.quantity(),
        series.id(),
        fit.exponent(),
        fit.exponentStandardError().orElse(Double.NaN),
        interval.lower(),
        interval.upper(),
        fit.prefactor(),
        x[0],
        x[x.length - 1],
        trials.size(),
        expected,
        TOLERANCE,
        verdict.id());
  }

  private static SlopeFit unfitted(PanelSpec panel, SeriesSpec series, double expected) {
    return new SlopeFit(
        panel.id(),
        panel.quantity(),
        series.id(),
        Double.NaN,
        Double.NaN,
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        0,
        expected,
        TOLERANCE,
        Verdict.UNDECIDED.id());
  }

  /** While an experiment is unfinished, trials reach different widths. */
  private static SortedSet<Integer> commonTrials(
      SortedMap<Long, SortedMap<Integer, Double>> values) {
    SortedSet<Integer> common = new TreeSet<>();
    for (Map<Integer, Double> byTrial : values.values()) {
      common.addAll(byTrial.keySet());
    }
    values.values().forEach(byTrial -> common.retainAll(byTrial.keySet()));
    return common;
  }
}
