package org.widthwise.core.fit;

/**
 * A closed interval of real numbers; either end may be infinite.
 *
 * @param lower the lower end
 * @param upper the upper end, not below the lower
 */
public record Interval(double lower, double upper) {

  /** Everything: the interval of an estimate whose error is unknown. */
  public static final Interval EVERYTHING =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /**
   * Checks the order of the ends.
   *
   * @param lower the lower end
   * @param upper the upper end
   * @throws IllegalArgumentException if the ends are not numbers or out of order
   */
  public Interval {
    if (!(lower <= upper)) {
      throw new IllegalArgumentException(
          "An interval's lower end must not exceed its upper end, but they are "
              + lower
              + " and "
              + upper);
    }
  }

  /**
   * Tells whether a number lies in the interval, ends included.
   *
   * @param value the number
   * @return whether it lies inside
   */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }

  /**
   * Tells whether another interval lies in this one altogether, ends included.
   *
   * @param other the other interval
   * @return whether it lies inside
   */
  public boolean contains(Interval other) {
    return lower <= other.lower && other.upper <= upper;
  }

  /**
   * Tells whether this and another interval have a number in common, ends included.
   *
   * @param other the other interval
   * @return whether they meet
   */
  public boolean meets(Interval other) {
    return lower <= other.upper && other.lower <= upper;
  }
}
