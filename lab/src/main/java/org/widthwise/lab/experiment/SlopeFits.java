package org.widthwise.lab.experiment;

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
 * Fits a power law to every curve that is predicted to be one, and judges it by the rule of {@link
 * Prediction}; undecided always with two abscissae, through which some power law goes whatever the
 * truth is.
 */
final class SlopeFits {

  private static final int FEWEST_ABSCISSAE = 3;

  private SlopeFits() {}

  static List<SlopeFit> of(PaperItem item, Collection<MemberResult> results) {
    List<SlopeFit> fits = new ArrayList<>();
    for (PanelSpec panel : item.panels()) {
      for (Curve curve : panel.curves()) {
        if (curve.prediction() instanceof Prediction.Exponent exponent) {
          fits.add(fit(panel, curve, exponent, positive(curve.values(results))));
        }
      }
    }
    return fits;
  }

  /** The values that are positive numbers: others have no logarithm. */
  private static SortedMap<Long, SortedMap<Integer, Double>> positive(
      SortedMap<Long, SortedMap<Integer, Double>> values) {
    SortedMap<Long, SortedMap<Integer, Double>> positive = new TreeMap<>();
    values.forEach(
        (x, byTrial) -> {
          SortedMap<Integer, Double> kept = new TreeMap<>(byTrial);
          kept.values().removeIf(value -> !(value > 0) || Double.isInfinite(value));
          if (!kept.isEmpty()) {
            positive.put(x, kept);
          }
        });
    return positive;
  }

  private static SlopeFit fit(
      PanelSpec panel,
      Curve curve,
      Prediction.Exponent expected,
      SortedMap<Long, SortedMap<Integer, Double>> values) {
    SortedMap<Long, SortedMap<Integer, Double>> far = values.tailMap(panel.x().asymptoticFrom());
    SortedMap<Long, SortedMap<Integer, Double>> fitted =
        far.size() >= FEWEST_ABSCISSAE ? far : values;
    SortedSet<Integer> trials = commonTrials(fitted);
    if (fitted.size() < 2 || trials.isEmpty()) {
      return unfitted(panel, curve, expected);
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
    ExponentClaim claim = expected.claim();
    Interval interval = fit.confidenceInterval(claim.confidence());
    Verdict verdict = fitted.size() < FEWEST_ABSCISSAE ? Verdict.UNDECIDED : claim.judge(fit);
    return new SlopeFit(
        panel.id(),
        panel.quantity(),
        curve.id(),
        fit.exponent(),
        fit.exponentStandardError().orElse(Double.NaN),
        interval.lower(),
        interval.upper(),
        fit.prefactor(),
        x[0],
        x[x.length - 1],
        trials.size(),
        expected.value(),
        expected.tolerance(),
        verdict.id());
  }

  private static SlopeFit unfitted(PanelSpec panel, Curve curve, Prediction.Exponent expected) {
    return new SlopeFit(
        panel.id(),
        panel.quantity(),
        curve.id(),
        Double.NaN,
        Double.NaN,
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        0,
        expected.value(),
        expected.tolerance(),
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
