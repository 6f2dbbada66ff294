package org.widthwise.core.fit;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A fitted power law {@code y = prefactor · x^exponent} and how well the data determine its
 * exponent.
 *
 * <p>The error of the exponent may be estimated from several sources, each blind to what the others
 * see; {@link PowerLaw#fitTrials} has two. There is none where two points determine the line: then
 * {@link #exponentStandardError()} is empty and every confidence interval is infinite.
 *
 * @param exponent the slope of {@code ln y} on {@code ln x}
 * @param prefactor the law's value at {@code x = 1}
 * @param points how many distinct data pairs the line was fitted to; for several trials, how many
 *     values of {@code x}
 * @param trials how many trials each point is the geometric mean of, 1 for a plain fit
 * @param residualStandardDeviation the standard deviation of {@code ln y} about the line with the
 *     degrees of freedom of the line taken off, empty for two points
 * @param slopeErrors the estimates of the exponent's error, possibly none
 */
public record PowerLawFit(
    double exponent,
    double prefactor,
    int points,
    int trials,
    OptionalDouble residualStandardDeviation,
    List<SlopeError> slopeErrors) {

  /**
   * Copies the list.
   *
   * @param exponent the slope of {@code ln y} on {@code ln x}
   * @param prefactor the law's value at {@code x = 1}
   * @param points how many data pairs the line was fitted to
   * @param trials how many trials each point is the geometric mean of
   * @param residualStandardDeviation the standard deviation of {@code ln y} about the line
   * @param slopeErrors the estimates of the exponent's error
   */
  public PowerLawFit {
    slopeErrors = List.copyOf(slopeErrors);
  }

  /**
   * The standard error of the exponent, the largest of the estimates.
   *
   * @return the standard error, empty where the data cannot tell
   */
  public OptionalDouble exponentStandardError() {
    return slopeErrors.stream().mapToDouble(SlopeError::standardError).max();
  }

  /**
   * The two-sided confidence interval of the exponent by Student's t distribution: the widest that
   * any estimate of its error gives.
   *
   * @param level the confidence, strictly between 0 and 1, such as 0.95
   * @return the interval, infinite on both sides where the data cannot tell
   * @throws IllegalArgumentException if the level is out of range
   */
  public Interval confidenceInterval(double level) {
    requireLevel(level);
    OptionalDouble halfWidth =
        slopeErrors.stream().mapToDouble(error -> error.halfWidth(level)).max();
    if (halfWidth.isEmpty()) {
      return Interval.EVERYTHING;
    }
    return new Interval(exponent - halfWidth.getAsDouble(), exponent + halfWidth.getAsDouble());
  }

  /**
   * The law's value.
   *
   * @param x where, above 0
   * @return {@code prefactor · x^exponent}
   * @throws IllegalArgumentException if {@code x} is not positive and finite
   */
  public double predict(double x) {
    PowerLaw.requirePositive(x, "x");
    return prefactor * Math.pow(x, exponent);
  }

  static void requireLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "A confidence level lies strictly between 0 and 1, but is " + level);
    }
  }
}
