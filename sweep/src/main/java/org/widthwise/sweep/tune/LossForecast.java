package org.widthwise.sweep.tune;

/**
 * The loss of a wide network at its best rate, from those of narrower ones. Three widths that
 * double tell a geometric approach to a limit, {@code L∞ + A·r^k} after k doublings; the logarithm
 * of the loss is taken for L. Its ends are that width helps no more, and that it helps as much for
 * each doubling as it did last.
 *
 * @param loss the prediction
 * @param lower its lower end
 * @param upper its upper end
 */
public record LossForecast(double loss, double lower, double upper) {

  /** So near to 1 the geometric series is a straight line but for rounding. */
  private static final double STRAIGHT = 1e-9;

  /**
   * Predicts.
   *
   * @param widths ascending
   * @param losses at the best rate of each
   * @param target at least the last of the widths
   * @return the prediction; NaN with fewer than two widths
   */
  static LossForecast at(int[] widths, double[] losses, int target) {
    int last = widths.length - 1;
    if (last < 1) {
      return new LossForecast(Double.NaN, Double.NaN, Double.NaN);
    }
    double doublings = octaves(widths[last], target);
    double slope = slope(widths, losses, last);
    double straight = slope * doublings;
    double bent = straight;
    if (last >= 2) {
      double before = slope(widths, losses, last - 1);
      // How much less a doubling helps than the one before, from 0 for no more to 1 for as much.
      double apart = octaves(widths[last - 2], widths[last]) / 2;
      double ratio = before == 0 ? 1 : Math.max(0, Math.min(1, slope / before));
      double each = Math.pow(ratio, 1 / apart);
      if (each < 1 - STRAIGHT) {
        double step = octaves(widths[last - 1], widths[last]);
        bent = slope * step * (Math.pow(each, doublings) - 1) / (1 - Math.pow(each, -step));
      }
    }
    double now = losses[last];
    double first = now * Math.exp(Math.min(0, straight));
    double second = now * Math.exp(Math.max(0, straight));
    return new LossForecast(now * Math.exp(bent), first, second);
  }

  private static double slope(int[] widths, double[] losses, int at) {
    return Math.log(losses[at] / losses[at - 1]) / octaves(widths[at - 1], widths[at]);
  }

  private static double octaves(int from, int to) {
    return HalfOctaves.log2((double) to / from);
  }
}
