package org.widthwise.core.fit;

/**
 * Student's t distribution by the regularised incomplete beta function, whose continued fraction is
 * evaluated by Lentz's method (M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions",
 * 26.5.8 and 26.7.1).
 */
final class StudentT {
  private static final int MAX_TERMS = 100_000;
  private static final double TINY = 1e-300;

  /** The bisection halves a bracket of doubles; their exponents and digits are used up by then. */
  private static final int MAX_BISECTIONS = 1200;

  private StudentT() {}

  /**
   * The number {@code t} with {@code P(|T| ≤ t) = level}.
   *
   * @param level strictly between 0 and 1
   * @param degreesOfFreedom 1 or more
   */
  static double twoSidedQuantile(double level, int degreesOfFreedom) {
    double outside = 1 - level;
    double low = 0;
    double high = 1;
    while (probabilityBeyond(high, degreesOfFreedom) > outside) {
      low = high;
      high *= 2;
    }
    for (int i = 0; i < MAX_BISECTIONS; i++) {
      double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) {
        break;
      }
      if (probabilityBeyond(middle, degreesOfFreedom) > outside) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return 0.5 * (low + high);
  }

  /** {@code P(|T| > t)} for {@code t ≥ 0}. */
  static double probabilityBeyond(double t, int degreesOfFreedom) {
    double squareRatio = t * t / degreesOfFreedom;
    // Both arguments are computed directly: one minus the other would lose the digits of a tail.
    return incompleteBeta(
        0.5 * degreesOfFreedom, 0.5, 1 / (1 + squareRatio), squareRatio / (1 + squareRatio));
  }

  /**
   * {@code P(F > f)} of Fisher's F distribution, for {@code f ≥ 0} (Abramowitz and Stegun 26.6.2).
   */
  static double fProbabilityBeyond(double f, int numeratorDegrees, int denominatorDegrees) {
    if (Double.isInfinite(f)) {
      return 0;
    }
    double scaled = f * numeratorDegrees / denominatorDegrees;
    return incompleteBeta(
        0.5 * denominatorDegrees, 0.5 * numeratorDegrees, 1 / (1 + scaled), scaled / (1 + scaled));
  }

  /** The regularised incomplete beta function of {@code x}, with {@code y = 1 − x}. */
  static double incompleteBeta(double a, double b, double x, double y) {
    if (x <= 0) {
      return 0;
    }
    if (y <= 0) {
      return 1;
    }
    double logFactor =
        logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y);
    // The fraction converges fast on this side of the mean; symmetry serves the other.
    if (x < (a + 1) / (a + b + 2)) {
      return Math.exp(logFactor) * continuedFraction(a, b, x) / a;
    }
    return 1 - Math.exp(logFactor) * continuedFraction(b, a, y) / b;
  }

  private static double continuedFraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / awayFromZero(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int m = 1; m <= MAX_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / awayFromZero(1 + even * d);
      c = awayFromZero(1 + even / c);
      result *= c * d;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / awayFromZero(1 + odd * d);
      c = awayFromZero(1 + odd / c);
      double change = c * d;
      result *= change;
      if (Math.abs(change - 1) < 1e-16) {
        break;
      }
    }
    return result;
  }

  private static double awayFromZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /**
   * The logarithm of the gamma function for positive arguments: Stirling's series (Abramowitz and
   * Stegun 6.1.40), after raising the argument to where it is exact to rounding.
   */
  static double logGamma(double x) {
    double shift = 0;
    double z = x;
    while (z < 15) {
      shift += Math.log(z);
      z += 1;
    }
    double w = 1 / (z * z);
    double series =
        (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260 - w * (1.0 / 1680 - w * (1.0 / 1188))))) / z;
    return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
  }
}
