package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.widthwise.core.fit.Verdict;
import org.widthwise.sweep.transfer.DriftExplanation;
import org.widthwise.sweep.transfer.Recommendation;
import org.widthwise.sweep.transfer.SeriesTransfer;
import org.widthwise.sweep.transfer.WidthOptimum;

/**
 * Whether a prediction can be trusted, and what to look at if not.
 *
 * @param kind {@code narrow}, {@code extrapolated} or {@code cannot-tell}
 * @param reasons why it cannot be told
 * @param advice what to look at, the likeliest first
 */
record TuneVerdict(String kind, List<String> reasons, List<String> advice) {

  static final String NARROW = "narrow";
  static final String EXTRAPOLATED = "extrapolated";
  static final String CANNOT_TELL = "cannot-tell";

  /** A factor of 2 to either side says little. */
  private static final double WIDEST_REACH = 1;

  /** An octave off costs less than that: the loss hardly asks for a rate. */
  private static final double FLAT = 0.002;

  /** Two standard errors. */
  private static final double REACH = 2;

  /** Drifts from one width to the next that differ by more are not of one line. */
  private static final double BENT = 0.2;

  /**
   * What was trained, as far as advice depends on it.
   *
   * @param weightDecay the global one
   * @param warmUp its steps
   * @param seeds how many
   * @param repeats how often the examples were seen whose loss was taken; 0 if never in training
   */
  record Circumstances(double weightDecay, int warmUp, int seeds, double repeats) {}

  /**
   * Judges.
   *
   * @param fit the fitted plan, with its recommendation for the target
   * @param check the prediction tried
   * @param circumstances what was trained
   * @return the verdict
   */
  static TuneVerdict of(SeriesTransfer fit, TuneCheck check, Circumstances circumstances) {
    List<String> reasons = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    boolean edge = edges(fit, reasons, advice);
    boolean flat = !edge && flat(fit, reasons, advice);
    Recommendation rate = fit.recommendation();
    double reach = (HalfOctaves.log2(rate.upper()) - HalfOctaves.log2(rate.lower())) / 2;
    if (!edge && !flat && !(reach <= WIDEST_REACH)) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "the best rate at width %d is known to ±%.1f octaves only: the drift is %+.2f ± %.2f"
                  + " octaves for each doubling, over %d widths",
              rate.width(),
              reach,
              fit.drift(),
              fit.driftStandardError(),
              fit.widths().size()));
      advice.add(
          circumstances.seeds() < 5
              ? "seeds: with 5 or more the interval is narrower than with " + circumstances.seeds()
              : "widths: one that is nearer to the target bounds the drift");
    }
    if (!edge && !check.holds()) {
      reasons.add(sentence(check));
    }
    if (!reasons.isEmpty() || isDrifting(fit)) {
      advise(fit, check, circumstances, edge || flat, advice);
    }
    String kind = !reasons.isEmpty() ? CANNOT_TELL : isDrifting(fit) ? EXTRAPOLATED : NARROW;
    return new TuneVerdict(kind, List.copyOf(reasons), List.copyOf(advice));
  }

  /** Whether the drift can be told from none, and from so little that nobody cares. */
  static boolean isDrifting(SeriesTransfer fit) {
    return !fit.verdict().equals(Verdict.HOLDS.id())
        && fit.driftStandardError() > 0
        && Math.abs(fit.drift()) > REACH * fit.driftStandardError();
  }

  private static boolean edges(SeriesTransfer fit, List<String> reasons, List<String> advice) {
    boolean found = false;
    for (WidthOptimum width : fit.widths()) {
      if (!width.bracketed()) {
        found = true;
        reasons.add(
            String.format(
                Locale.ROOT,
                "the best rate at width %d, %.3g, is at the edge of what was tried",
                width.width(),
                width.learningRate()));
      }
    }
    if (found) {
      advice.add("rates: widen --lr to the side of the edge");
    }
    return found;
  }

  private static boolean flat(SeriesTransfer fit, List<String> reasons, List<String> advice) {
    boolean found = false;
    for (WidthOptimum width : fit.widths()) {
      double reach = (HalfOctaves.log2(width.upper()) - HalfOctaves.log2(width.lower())) / 2;
      if (!(width.curvature() >= FLAT)) {
        found = true;
        reasons.add(
            "the loss at width %d is flat: a rate an octave from the best one costs less than %.1f %%"
                .formatted(width.width(), 100 * FLAT));
      } else if (!(reach <= WIDEST_REACH)) {
        found = true;
        reasons.add(
            String.format(
                Locale.ROOT,
                "the best rate at width %d is known to ±%.1f octaves only: the noise between seeds"
                    + " is as large as what the rate does",
                width.width(),
                reach));
      }
    }
    if (found) {
      advice.add("steps and seeds: more of them, until the loss tells rates apart");
    }
    return found;
  }

  private static String sentence(TuneCheck check) {
    if (Double.isNaN(check.bestRate())) {
      return "every training of the check at width %d diverged".formatted(check.width());
    }
    return check.bracketed()
        ? String.format(
            Locale.ROOT,
            "at width %d the best rate is %.3g, %+.2f octaves from the %.3g that was predicted",
            check.width(),
            check.bestRate(),
            check.octaves(),
            check.predictedRate())
        : String.format(
            Locale.ROOT,
            "at width %d the best rate is three octaves or more %s than the %.3g that was"
                + " predicted",
            check.width(),
            check.octaves() < 0 ? "smaller" : "greater",
            check.predictedRate());
  }

  private static void advise(
      SeriesTransfer fit,
      TuneCheck check,
      Circumstances circumstances,
      boolean unfitted,
      List<String> advice) {
    if (unfitted) {
      return;
    }
    if (circumstances.repeats() > 1) {
      advice.add(
          String.format(
              Locale.ROOT,
              "repeated examples: each is seen %.1f times, and from the second time on the training"
                  + " loss tells how well it is remembered, which depends on width and rate in ways"
                  + " of its own; take fewer steps, more examples, or --metric held-out-loss",
              circumstances.repeats()));
    }
    DriftExplanation why = fit.explanation();
    boolean tooShort = why.cause().equals(DriftExplanation.TOO_FEW_STEPS);
    if (tooShort
        || why.cause().equals(DriftExplanation.IMBALANCE)
        || why.cause().equals(DriftExplanation.MISALIGNMENT)) {
      advice.add(why.cause() + ": " + why.sentence());
    }
    List<Double> successive = fit.successiveDrifts();
    double first = successive.get(0);
    double last = successive.get(successive.size() - 1);
    if (Math.abs(last - first) > BENT) {
      advice.add(
          String.format(
              Locale.ROOT,
              "widths too small: the drift goes from %+.2f to %+.2f octaves for a doubling, a line"
                  + " does not hold; take wider ones",
              first,
              last));
    } else if (!check.holds()) {
      advice.add("widths too small: try the same with all of them doubled");
    }
    if (!tooShort && (fit.drift() > 0 || check.octaves() > 0)) {
      advice.add(
          "too few steps: a best rate that grows with the width may be that of a training that is"
              + " too short for the wide networks; try twice as many");
    }
    if (fit.drift() < 0 && circumstances.warmUp() == 0) {
      advice.add(
          "warm-up: a best rate that falls with the width may be bounded by the first steps; try"
              + " a tenth of the steps as warm-up");
    }
    if (circumstances.weightDecay() > 0) {
      advice.add(
          "decay: with weight decay the best rate depends on the product of both; see whether the"
              + " drift is there without it, or with another training.decay_convention");
    }
  }
}
