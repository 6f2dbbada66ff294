package org.widthwise.audit.spectrum;

/**
 * How far from its target a size may be, as a multiple of it.
 *
 * @param low the smallest multiple that is fine, above 0
 * @param high the largest, not below the other
 */
public record Band(double low, double high) {

  /**
   * Checks the ends.
   *
   * @param low the smallest multiple that is fine
   * @param high the largest
   * @throws IllegalArgumentException if they are not positive, finite and in order with 1 between
   */
  public Band {
    if (!(low > 0 && low <= 1 && high >= 1 && high < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a band of multiples of the target reaches from above 0, over 1, to a finite number, not"
              + " from %s to %s".formatted(low, high));
    }
  }

  /**
   * Within a factor of four: the largest constant that usual draws have, √2 · 2 of a square
   * Gaussian matrix with σ = √(2 / fan-in), lies well in it.
   *
   * @return the band from 1/4 to 4
   */
  public static Band usual() {
    return new Band(0.25, 4);
  }

  /**
   * Reads {@code LOW,HIGH}.
   *
   * @param text such as {@code 0.25,4}
   * @return the band
   * @throws IllegalArgumentException if the text is not of that form, or the ends make no band
   */
  public static Band parse(String text) {
    int comma = text.indexOf(',');
    try {
      if (comma > 0) {
        return new Band(
            Double.parseDouble(text.substring(0, comma).trim()),
            Double.parseDouble(text.substring(comma + 1).trim()));
      }
    } catch (NumberFormatException notNumbers) {
      // Said below, in the same words.
    }
    throw new IllegalArgumentException(
        "'%s' is not of the form LOW,HIGH, such as 0.25,4".formatted(text));
  }

  /**
   * Whether a size is fine.
   *
   * @param multiple the size over its target
   * @return true within the band, ends included; false for NaN
   */
  public boolean contains(double multiple) {
    return low <= multiple && multiple <= high;
  }
}
