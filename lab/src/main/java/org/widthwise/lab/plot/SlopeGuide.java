package org.widthwise.lab.plot;

/**
 * A predicted power law y ∝ x^slope, drawn beside the series of the same style: a labelled triangle
 * or, where the slope is flat, a dashed line. It shows direction only; its height means nothing. It
 * is drawn only where both axes are logarithmic, for elsewhere a power law has no slope.
 *
 * @param style the style of the series it belongs to
 * @param slope the predicted exponent
 * @param label what is written at it, such as “−1/2”
 */
public record SlopeGuide(int style, double slope, String label) {
  /**
   * Checks style and slope.
   *
   * @param style the style of the series it belongs to
   * @param slope the predicted exponent
   * @param label what is written at it, such as “−1/2”
   * @throws IllegalArgumentException if {@code style} is negative or {@code slope} not finite
   */
  public SlopeGuide {
    Styles.requireValid(style);
    if (!Double.isFinite(slope)) {
      throw new IllegalArgumentException("A slope guide needs a finite slope, not " + slope + ".");
    }
  }
}
