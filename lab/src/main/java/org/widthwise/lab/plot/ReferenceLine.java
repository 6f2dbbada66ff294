package org.widthwise.lab.plot;

/**
 * A known curve y = factor·x^exponent to compare with, drawn grey and dashed across the whole panel
 * with its name: a largest possible value, an ideal, a law. The axes make room for it.
 *
 * @param label what is written at it, such as “n = 300” or “1/√B”; may be empty
 * @param factor the value at x = 1
 * @param exponent 0 for a constant
 */
public record ReferenceLine(String label, double factor, double exponent) {
  /**
   * Checks the numbers.
   *
   * @param label what is written at it; may be empty
   * @param factor the value at x = 1
   * @param exponent 0 for a constant
   * @throws IllegalArgumentException if a number is not finite
   */
  public ReferenceLine {
    if (!Double.isFinite(factor) || !Double.isFinite(exponent)) {
      throw new IllegalArgumentException(
          "A reference line needs finite numbers, not " + factor + " and " + exponent + ".");
    }
  }

  /**
   * A constant.
   *
   * @param label what is written at it
   * @param value its value
   * @return the line
   * @throws IllegalArgumentException if the value is not finite
   */
  public static ReferenceLine constant(String label, double value) {
    return new ReferenceLine(label, value, 0);
  }

  /** The ordinate of the line at an abscissa. */
  double at(double x) {
    return exponent == 0 ? factor : factor * Math.pow(x, exponent);
  }
}
