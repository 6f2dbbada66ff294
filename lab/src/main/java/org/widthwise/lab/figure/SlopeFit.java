package org.widthwise.lab.figure;

/**
 * A measured exponent beside the predicted one. NaN stands for what could not be measured.
 *
 * @param panel the panel
 * @param quantity what was measured, as a formula
 * @param series the curve
 * @param slope the fitted exponent of width
 * @param slopeStderr its standard error
 * @param slopeLow the lower end of its confidence interval
 * @param slopeHigh the upper end of its confidence interval
 * @param prefactor the fitted value at width 1
 * @param fromX the smallest width that was fitted
 * @param toX the largest width that was fitted
 * @param trials how many trials were fitted; one that has no positive value at one of these widths,
 *     such as a diverged one, is left out
 * @param expectedSlope the predicted exponent
 * @param tolerance how far from it the exponent may be
 * @param verdict {@code holds}, {@code fails} or {@code undecided}
 */
public record SlopeFit(
    String panel,
    String quantity,
    String series,
    double slope,
    double slopeStderr,
    double slopeLow,
    double slopeHigh,
    double prefactor,
    double fromX,
    double toX,
    int trials,
    double expectedSlope,
    double tolerance,
    String verdict) {}
