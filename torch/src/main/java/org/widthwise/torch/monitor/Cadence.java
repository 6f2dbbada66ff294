package org.widthwise.torch.monitor;

/**
 * Which steps are looked at: the 1st, 2nd, 4th, 8th and so on, until these are further apart than
 * the interval, then one in each interval. An observation is put off while it would bring the time
 * that all of them took above the budget's share of the time spent training; the first three never
 * are.
 *
 * @param interval the greatest distance between two observations, at least 1
 * @param budget the share of the training time that observations may take, above 0; infinite for no
 *     limit, which makes the steps that are looked at independent of the machine
 */
public record Cadence(long interval, double budget) {

  private static final long USUAL_INTERVAL = 100;
  private static final double USUAL_BUDGET = 0.025;

  /**
   * Checks both.
   *
   * @param interval the greatest distance between two observations
   * @param budget the share of the training time that observations may take
   * @throws IllegalArgumentException if the interval is below 1 or the budget not above 0
   */
  public Cadence {
    if (interval < 1) {
      throw new IllegalArgumentException(
          "the interval between observations is at least 1 step, but is " + interval);
    }
    if (!(budget > 0)) {
      throw new IllegalArgumentException(
          "the budget of observations is a share of the training time above 0, but is " + budget);
    }
  }

  /**
   * Every 100 steps, within 2.5 % of the training time.
   *
   * @return the cadence
   */
  public static Cadence withDefaults() {
    return new Cadence(USUAL_INTERVAL, USUAL_BUDGET);
  }

  /**
   * Steps that are looked at whatever it takes.
   *
   * @param interval the greatest distance between two observations, at least 1
   * @return a cadence without a budget
   * @throws IllegalArgumentException if the interval is below 1
   */
  public static Cadence every(long interval) {
    return new Cadence(interval, Double.POSITIVE_INFINITY);
  }

  /**
   * The same with another interval.
   *
   * @param newInterval the greatest distance between two observations, at least 1
   * @return the cadence
   * @throws IllegalArgumentException if the interval is below 1
   */
  public Cadence withInterval(long newInterval) {
    return new Cadence(newInterval, budget);
  }

  /**
   * The same with another budget.
   *
   * @param newBudget the share of the training time that observations may take, above 0
   * @return the cadence
   * @throws IllegalArgumentException if the budget is not above 0
   */
  public Cadence withBudget(double newBudget) {
    return new Cadence(interval, newBudget);
  }
}
