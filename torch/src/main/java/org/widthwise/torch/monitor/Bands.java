package org.widthwise.torch.monitor;

/**
 * How far sizes may go before the monitor speaks up. Condition 1 leaves constants free, so bands
 * are wide; what they are to catch is wrong by a power of the width.
 *
 * <ul>
 *   <li>A weight is to stay within {@code weightLow} to {@code weightHigh} times its target
 *       √(fan-out / fan-in), and within a factor {@code weightGrowth} of its size at the first
 *       observation. Lower limits are for matrices and embeddings that the plan initialises above
 *       zero.
 *   <li>An update is to stay below {@code updateHigh} times its target: at 1, a single step adds as
 *       much as the whole weight should be.
 *   <li>Where the size of updates follows from the plan alone, as under Adam, sign descent and
 *       Muon, an update is also to stay below {@code updateOverPlanned} times that size. Rates that
 *       are lowered by a schedule pass; RMSProp's first update is up to 10 times too large.
 * </ul>
 *
 * @param weightLow the smallest weight, in units of its target, at least 0
 * @param weightHigh the largest weight, in units of its target
 * @param weightGrowth the largest factor by which a weight may grow or shrink, above 1
 * @param updateHigh the largest update, in units of its target, above 0
 * @param updateOverPlanned the largest update, in units of the planned size, above 0
 */
public record Bands(
    double weightLow,
    double weightHigh,
    double weightGrowth,
    double updateHigh,
    double updateOverPlanned) {

  /**
   * Checks the limits.
   *
   * @param weightLow the smallest weight
   * @param weightHigh the largest weight
   * @param weightGrowth the largest growth
   * @param updateHigh the largest update
   * @param updateOverPlanned the largest update over the planned size
   * @throws IllegalArgumentException if one is out of its range
   */
  public Bands {
    if (!(weightLow >= 0 && weightHigh > weightLow)) {
      throw new IllegalArgumentException(
          "the band of weights must satisfy 0 <= low < high, but is %s to %s"
              .formatted(weightLow, weightHigh));
    }
    if (!(weightGrowth > 1)) {
      throw new IllegalArgumentException(
          "the growth allowed to a weight is a factor above 1, but is " + weightGrowth);
    }
    if (!(updateHigh > 0 && updateOverPlanned > 0)) {
      throw new IllegalArgumentException(
          "limits of updates are above 0, but are %s and %s"
              .formatted(updateHigh, updateOverPlanned));
    }
  }

  /**
   * The defaults: weights within 0.1 to 10 times the target and a factor 4 of their start, updates
   * up to the target and up to 16 times the planned size.
   *
   * @return the bands
   */
  public static Bands withDefaults() {
    return new Bands(0.1, 10, 4, 1, 16);
  }

  /**
   * The same with another band for weights.
   *
   * @param low the smallest weight, in units of its target, at least 0
   * @param high the largest weight, in units of its target
   * @return the bands
   * @throws IllegalArgumentException unless 0 ≤ low &lt; high
   */
  public Bands withWeight(double low, double high) {
    return new Bands(low, high, weightGrowth, updateHigh, updateOverPlanned);
  }

  /**
   * The same with another limit of the growth of weights.
   *
   * @param factor above 1; infinite for no limit
   * @return the bands
   * @throws IllegalArgumentException if it is not above 1
   */
  public Bands withWeightGrowth(double factor) {
    return new Bands(weightLow, weightHigh, factor, updateHigh, updateOverPlanned);
  }

  /**
   * The same with another limit of updates.
   *
   * @param high the largest update, in units of its target, above 0; infinite for no limit
   * @return the bands
   * @throws IllegalArgumentException if it is not above 0
   */
  public Bands withUpdate(double high) {
    return new Bands(weightLow, weightHigh, weightGrowth, high, updateOverPlanned);
  }

  /**
   * The same with another limit of updates over their planned size.
   *
   * @param factor above 0; infinite for no limit
   * @return the bands
   * @throws IllegalArgumentException if it is not above 0
   */
  public Bands withUpdateOverPlanned(double factor) {
    return new Bands(weightLow, weightHigh, weightGrowth, updateHigh, factor);
  }
}
