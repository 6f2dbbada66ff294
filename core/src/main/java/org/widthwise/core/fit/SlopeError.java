package org.widthwise.core.fit;

/**
 * One estimate of the error of a fitted exponent.
 *
 * @param source where the error shows
 * @param standardError the estimated standard deviation of the exponent, zero or more
 * @param degreesOfFreedom of Student's t distribution, 1 or more
 */
public record SlopeError(Source source, double standardError, int degreesOfFreedom) {

  /** Where an error of the exponent shows. */
  public enum Source {
    /** In the distance of the points from the fitted line. */
    SCATTER_ABOUT_LINE,
    /** In the differences between the exponents of single trials. */
    DIFFERENCE_OF_TRIALS,
    /** In what is left of the points after both, and in either of them if it is no larger. */
    NOISE
  }

  /**
   * Checks the numbers.
   *
   * @param source where the error shows
   * @param standardError the estimated standard deviation of the exponent
   * @param degreesOfFreedom of Student's t distribution
   * @throws IllegalArgumentException if the standard error is negative or not finite, or there is
   *     no degree of freedom
   */
  public SlopeError {
    if (!(standardError >= 0) || Double.isInfinite(standardError)) {
      throw new IllegalArgumentException(
          "A standard error must be zero or more and finite, but is " + standardError);
    }
    if (degreesOfFreedom < 1) {
      throw new IllegalArgumentException(
          "An estimated error needs at least 1 degree of freedom, but has " + degreesOfFreedom);
    }
  }

  /**
   * Half the width of the two-sided confidence interval.
   *
   * @param level the confidence, strictly between 0 and 1
   * @return Student's quantile times the standard error
   */
  double halfWidth(double level) {
    return StudentT.twoSidedQuantile(level, degreesOfFreedom) * standardError;
  }
}
