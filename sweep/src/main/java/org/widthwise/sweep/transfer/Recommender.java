package org.widthwise.sweep.transfer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.widthwise.core.fit.Verdict;

/** Says which rate to use at a width. */
final class Recommender {

  /** Ends of an interval that 95 % of a normal distribution lie in, to the nearest half. */
  private static final double REACH = 2;

  /** Nobody cares for less. */
  private static final double LEAST_COST = 0.001;

  /** Smaller numbers are written with an exponent. */
  private static final double SMALL = 0.01;

  private final TransferSettings settings;
  private final WidthLaw law;

  /**
   * @param settings what is asked for
   * @param law how the best rate goes on beyond the widths that were tried
   */
  Recommender(TransferSettings settings, WidthLaw law) {
    this.settings = settings;
    this.law = law;
  }

  Recommendation recommend(
      List<FittedCurve> fitted,
      List<WidthOptimum> widths,
      List<FittedCurve> bracketed,
      WidthLine drift,
      double error,
      Verdict verdict) {
    int widest = fitted.get(fitted.size() - 1).width();
    int target = settings.target() == 0 ? widest : settings.target();
    for (WidthOptimum tried : widths) {
      if (tried.width() == target) {
        WidthOptimum narrow = widths.get(0);
        if (!narrow.bracketed()) {
          return new Recommendation(
              target,
              narrow.learningRate(),
              narrow.lower(),
              narrow.upper(),
              List.of(narrow.width()),
              tried.narrowCost(),
              false,
              "the best learning rate at width %d is at the edge of what was tried: try more rates"
                  .formatted(narrow.width()));
        }
        return recommendation(
            target,
            narrow.learningRate(),
            narrow.lower(),
            narrow.upper(),
            List.of(narrow.width()),
            tried.narrowCost(),
            false);
      }
    }
    if (bracketed.isEmpty()) {
      return recommendation(
          target, Double.NaN, Double.NaN, Double.NaN, List.of(), Double.NaN, true);
    }
    boolean still =
        Double.isNaN(drift.slope())
            || verdict == Verdict.HOLDS
            || Math.abs(drift.slope()) <= REACH * FittedCurve.nanToZero(error);
    WidthLine line = WidthLine.through(law, bracketed);
    double best = still ? mean(bracketed) : line.at(target);
    double spread;
    if (bracketed.stream().allMatch(FittedCurve::sampled)) {
      double[] predictions = new double[settings.samples()];
      for (int i = 0; i < predictions.length; i++) {
        double[] sample = WidthLine.sample(bracketed, i);
        predictions[i] =
            still
                ? Arrays.stream(sample).average().orElseThrow()
                : WidthLine.through(law, bracketed, sample).at(target);
      }
      double[] ends = FittedCurve.percentiles(predictions);
      spread = Math.max(best - ends[0], ends[1] - best);
    } else {
      double[] ends = bracketed.get(bracketed.size() - 1).interval();
      spread = (ends[1] - ends[0]) / 2;
    }
    // The optimum may drift by what cannot be told from none, all the way to the target.
    double reach = spread + unseen(line, bracketed, target);
    double low = best - reach;
    double high = best + reach;
    // Nor do a few widths tell which law it is that the optimum follows.
    for (WidthLaw possible : law.possible()) {
      WidthLine other = WidthLine.through(possible, bracketed);
      if (!Double.isNaN(other.slope())) {
        double around = spread + unseen(other, bracketed, target);
        low = Math.min(low, other.at(target) - around);
        high = Math.max(high, other.at(target) + around);
      }
    }
    double farthest = Math.max(best - low, high - best);
    double curvature = bracketed.get(bracketed.size() - 1).minimum().curvature();
    return recommendation(
        target,
        Math.pow(2, best),
        Math.pow(2, low),
        Math.pow(2, high),
        bracketed.stream().map(FittedCurve::width).toList(),
        Math.expm1(curvature * farthest * farthest),
        true);
  }

  /** By how much a drift that is not seen moves the optimum from the widest width to the target. */
  private double unseen(WidthLine line, List<FittedCurve> fitted, int target) {
    int widest = fitted.get(fitted.size() - 1).width();
    double way = line.law().abscissa(target) - line.law().abscissa(widest);
    return REACH * FittedCurve.nanToZero(line.error(fitted, settings.samples())) * Math.max(0, way);
  }

  private static double mean(List<FittedCurve> fitted) {
    return fitted.stream().mapToDouble(f -> f.minimum().log2Rate()).average().orElseThrow();
  }

  private static Recommendation recommendation(
      int width,
      double rate,
      double lower,
      double upper,
      List<Integer> foundAt,
      double cost,
      boolean predicted) {
    String sentence;
    if (Double.isNaN(rate)) {
      sentence =
          "no width has its best learning rate between rates that were tried: try more of them";
    } else {
      String places =
          foundAt.size() == 1
              ? "width " + foundAt.get(0)
              : "widths %d to %d".formatted(foundAt.get(0), foundAt.get(foundAt.size() - 1));
      sentence =
          "use learning rate %s (%s … %s) at width %d; found at %s; %s cost of not tuning there %s"
              .formatted(
                  number(rate),
                  number(lower),
                  number(upper),
                  width,
                  places,
                  predicted ? "predicted" : "measured",
                  cost(cost, predicted));
    }
    return new Recommendation(width, rate, lower, upper, foundAt, cost, predicted, sentence);
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "unknown";
    }
    if (Double.isInfinite(value)) {
      return "∞";
    }
    if (value == 0) {
      return "0";
    }
    return value < SMALL
        ? String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-")
        : new BigDecimal(value).round(new MathContext(2)).toPlainString();
  }

  private static String cost(double cost, boolean bound) {
    if (cost < LEAST_COST) {
      return "< 0.1 %";
    }
    if (Double.isNaN(cost)) {
      return "unknown";
    }
    return Double.isInfinite(cost)
        ? "everything: it diverges"
        : "%s%s %%".formatted(bound ? "< " : "", number(100 * cost));
  }
}
