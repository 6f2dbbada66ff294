package org.widthwise.lab.plot;

/**
 * A measured power law y = anchorY·(x / anchorX)^slope, drawn as a thin line from {@code fromX} to
 * {@code toX}. Where an axis has no place for a part of it, that part is left out.
 *
 * @param style the style of the series it was fitted to
 * @param slope the measured exponent
 * @param anchorX the abscissa of a point on the line; positive
 * @param anchorY the ordinate of that point
 * @param fromX where the line begins; positive
 * @param toX where the line ends; positive
 */
public record FitLine(
    int style, double slope, double anchorX, double anchorY, double fromX, double toX) {
  /**
   * Checks the style.
   *
   * @param style the style of the series it was fitted to
   * @param slope the measured exponent
   * @param anchorX the abscissa of a point on the line; positive
   * @param anchorY the ordinate of that point
   * @param fromX where the line begins; positive
   * @param toX where the line ends; positive
   * @throws IllegalArgumentException if {@code style} is negative
   */
  public FitLine {
    Styles.requireValid(style);
  }

  /** The ordinate of the line at an abscissa. */
  double at(double x) {
    return anchorY * Math.pow(x / anchorX, slope);
  }
}
