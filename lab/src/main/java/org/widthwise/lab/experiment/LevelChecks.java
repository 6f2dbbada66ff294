package org.widthwise.lab.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.Interval;
import org.widthwise.core.fit.SampleMean;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.run.MemberResult;

/**
 * Judges every curve that is predicted to stay within bounds, by the rule of {@link Prediction}:
 * the claim holds if it holds at every abscissa, fails if it fails at one, and is undecided
 * otherwise.
 */
final class LevelChecks {

  private LevelChecks() {}

  static List<LevelCheck> of(PaperItem item, Collection<MemberResult> results) {
    List<LevelCheck> checks = new ArrayList<>();
    for (PanelSpec panel : item.panels()) {
      for (Curve curve : panel.curves()) {
        if (curve.prediction() instanceof Prediction.Level level) {
          checks.add(check(panel, curve, level.accepted(), curve.values(results)));
        }
      }
    }
    return checks;
  }

  private record At(long x, SampleMean mean, Interval interval, Verdict verdict) {

    /** How far the interval reaches out of the accepted one; negative inside. */
    double excess(Interval accepted) {
      return Math.max(interval.upper() - accepted.upper(), accepted.lower() - interval.lower());
    }
  }

  private static LevelCheck check(
      PanelSpec panel,
      Curve curve,
      Interval accepted,
      SortedMap<Long, SortedMap<Integer, Double>> values) {
    List<At> points = new ArrayList<>();
    for (Map.Entry<Long, SortedMap<Integer, Double>> at : values.entrySet()) {
      SampleMean mean =
          SampleMean.of(at.getValue().values().stream().mapToDouble(Double::doubleValue).toArray());
      Interval interval = mean.confidenceInterval(ExponentClaim.DEFAULT_CONFIDENCE);
      points.add(new At(at.getKey(), mean, interval, Verdict.of(interval, accepted)));
    }
    Optional<At> worst =
        points.stream()
            .max(
                Comparator.comparingInt((At point) -> badness(point.verdict()))
                    .thenComparingDouble(point -> point.excess(accepted)));
    return new LevelCheck(
        panel.id(),
        panel.quantity(),
        curve.id(),
        worst.map(point -> (double) point.x()).orElse(Double.NaN),
        worst.map(point -> point.mean().mean()).orElse(Double.NaN),
        worst.map(point -> point.mean().standardError()).orElse(Double.NaN),
        worst.map(point -> point.interval().lower()).orElse(Double.NEGATIVE_INFINITY),
        worst.map(point -> point.interval().upper()).orElse(Double.POSITIVE_INFINITY),
        worst.map(point -> point.mean().count()).orElse(0),
        accepted.lower(),
        accepted.upper(),
        worst.map(At::verdict).orElse(Verdict.UNDECIDED).id());
  }

  private static int badness(Verdict verdict) {
    return switch (verdict) {
      case HOLDS -> 0;
      case UNDECIDED -> 1;
      case FAILS -> 2;
    };
  }
}
