package org.widthwise.sweep.tune;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.widthwise.sweep.definition.TrialConfiguration;

/**
 * What a tuning may cost. The wider the narrow networks are, the better they tell what is best for
 * the target, and the more they cost; how fast the cost grows with the width differs between
 * networks and optimizers.
 *
 * @param share of the floating-point operations of a sweep at the target, above 0
 */
public record TuneBudget(double share) {

  /** How many rates are fitted at a width, if the best one is where it is looked for. */
  private static final int FITTED = 5;

  /** How many are tried at the width of the check, one more than at least. */
  private static final int CHECKED = 4;

  /**
   * Checks the share.
   *
   * @param share of the operations of a sweep at the target
   * @throws IllegalArgumentException if it is not above 0
   */
  public TuneBudget {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "a budget is a share of the operations of a sweep at the target, above 0 and at most 1,"
              + " such as 0.05, not "
              + share);
    }
  }

  /**
   * Doubles the narrow widths, and that of the check with them, as often as the budget allows and
   * they are narrow.
   *
   * @param settings with the least widths
   * @param flopsOfStep the floating-point operations of a step of a configuration
   * @return the settings, or those with wider networks
   */
  public TuneSettings widen(
      TuneSettings settings, ToDoubleFunction<TrialConfiguration> flopsOfStep) {
    TuneSettings widest = settings;
    while (widest.canDouble()) {
      TuneSettings wider = widest.doubled();
      if (reckoned(wider, flopsOfStep) > share) {
        break;
      }
      widest = wider;
    }
    return widest;
  }

  /**
   * What a tuning will cost, if the best rates are where they are looked for and the plan that was
   * found holds.
   *
   * @param settings what is to be tuned
   * @param flopsOfStep the floating-point operations of a step of a configuration
   * @return the share of the operations of a sweep at the target
   */
  public static double reckoned(
      TuneSettings settings, ToDoubleFunction<TrialConfiguration> flopsOfStep) {
    List<Double> rates = settings.rates();
    int octaves =
        (int)
            Math.ceil(
                HalfOctaves.log2(rates.get(rates.size() - 1)) - HalfOctaves.log2(rates.get(0)));
    double flops = (octaves + 1) * flops(settings, settings.widths().get(0), flopsOfStep);
    if (!settings.axes().isEmpty() && settings.candidates() > 1) {
      int tried = settings.candidates();
      for (SuccessiveHalving.Rung rung :
          SuccessiveHalving.upTo(settings.widths(), settings.candidates()).rungs()) {
        flops += tried * flops(settings, rung.widths(), flopsOfStep);
        // And the plan as it is.
        tried = rung.survivors(tried) + 1;
      }
    }
    int seeds = settings.seeds().size();
    flops += FITTED * seeds * flops(settings, settings.widths(), flopsOfStep);
    flops += CHECKED * flops(settings, settings.check(), flopsOfStep);
    return flops / (rates.size() * seeds * flops(settings, settings.target(), flopsOfStep));
  }

  private static double flops(
      TuneSettings settings,
      List<Integer> widths,
      ToDoubleFunction<TrialConfiguration> flopsOfStep) {
    return widths.stream().mapToDouble(width -> flops(settings, width, flopsOfStep)).sum();
  }

  /** Of a step, for all trainings have as many. */
  private static double flops(
      TuneSettings settings, int width, ToDoubleFunction<TrialConfiguration> flopsOfStep) {
    TrialConfiguration plan = settings.plan();
    return flopsOfStep.applyAsDouble(plan.at(width, plan.learningRate()));
  }
}
