package org.widthwise.lab.experiment;

/**
 * A measured exponent beside the predicted one. NaN stands for what could not be measured.
 *
 * @param panel the panel
 * @param quantity what was measured, as a formula
 * @param series the curve
 * @param slope the fitted exponent of the abscissa
 * @param slopeStderr its standard error
 * @param slopeLow the lower end of its confidence interval
 * @param slopeHigh the upper end of its confidence interval
 * @param prefactor the fitted value at abscissa 1
 * @param fromX the smallest abscissa that was fitted
 * @param toX the largest abscissa that was fitted
 * @param trials how many trials were fitted; one that has no positive value at one of these
 *     abscissae, such as a diverged one, is left out
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
