package org.widthwise.lab.plot;

/**
 * One point of a {@link Series}. A point is skipped, and the line broken there, where {@code x} or
 * {@code mean} has no place on its axis: NaN, infinite, or not positive on a logarithmic axis. A
 * band end that is not finite leaves out the band there; a lower end at or below zero on a
 * logarithmic axis runs to the bottom of the panel.
 *
 * @param x the abscissa
 * @param mean the ordinate of the line
 * @param lower the lower end of the shaded band
 * @param upper the upper end of the shaded band
 */
public record DataPoint(double x, double mean, double lower, double upper) {
  /**
   * A point without a band.
   *
   * @param x the abscissa
   * @param y the ordinate
   * @return the point
   */
  public static DataPoint of(double x, double y) {
    return new DataPoint(x, y, y, y);
  }

  /**
   * A point with a band of one deviation to either side.
   *
   * @param x the abscissa
   * @param mean the ordinate of the line
   * @param deviation half the height of the band, in units of {@code mean}
   * @return the point
   */
  public static DataPoint withDeviation(double x, double mean, double deviation) {
    return new DataPoint(x, mean, mean - deviation, mean + deviation);
  }
}
