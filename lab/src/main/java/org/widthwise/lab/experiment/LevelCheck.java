package org.widthwise.lab.experiment;

/**
 * A measured level beside its predicted bounds, at the abscissa where it comes off worst. NaN
 * stands for what could not be measured.
 *
 * @param panel the panel
 * @param quantity what was measured, as a formula
 * @param series the curve
 * @param atX the abscissa
 * @param mean the mean over trials there
 * @param stderr its standard error
 * @param low the lower end of its confidence interval
 * @param high the upper end of its confidence interval
 * @param trials how many trials have a value there
 * @param expectedLow the smallest accepted mean; negative infinity if any small one is
 * @param expectedHigh the largest accepted mean; infinity if any large one is
 * @param verdict {@code holds}, {@code fails} or {@code undecided}: of the whole curve
 */
public record LevelCheck(
    String panel,
    String quantity,
    String series,
    double atX,
    double mean,
    double stderr,
    double low,
    double high,
    int trials,
    double expectedLow,
    double expectedHigh,
    String verdict) {}
