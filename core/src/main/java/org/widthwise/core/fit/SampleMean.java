package org.widthwise.core.fit;

import java.util.Arrays;

/**
 * The mean of independent values, with its error.
 *
 * @param mean the arithmetic mean; NaN if there is no value, or one is not a number
 * @param standardError the standard error of the mean; NaN with fewer than two values
 * @param count how many values there are
 */
public record SampleMean(double mean, double standardError, int count) {

  /**
   * Averages.
   *
   * @param values the values
   * @return their mean
   */
  public static SampleMean of(double... values) {
    int count = values.length;
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    double error = count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
    return new SampleMean(mean, error, count);
  }

  /**
   * The confidence interval of the mean by Student's t distribution.
   *
   * @param level between 0 and 1, such as 0.95
   * @return the interval; everything where the error is unknown
   * @throws IllegalArgumentException if the level is not strictly between 0 and 1
   */
  public Interval confidenceInterval(double level) {
    PowerLawFit.requireLevel(level);
    if (!Double.isFinite(standardError) || !Double.isFinite(mean)) {
      return Interval.EVERYTHING;
    }
    double reach = StudentT.twoSidedQuantile(level, count - 1) * standardError;
    return new Interval(mean - reach, mean + reach);
  }
}
