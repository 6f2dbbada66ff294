package org.widthwise.sweep.transfer;

import java.util.Optional;

/**
 * The minimum of a loss curve, by a parabola through log loss against log₂ rate that is fitted to
 * the points around the smallest loss.
 *
 * @param log2Rate where it is
 * @param logLoss the parabola there
 * @param curvature the coefficient of the square: the logarithm of the loss grows by so much one
 *     octave from the minimum; NaN if the points do not curve upwards
 * @param bracketed whether rates to both sides of the smallest loss were tried; a rate that
 *     diverged counts
 * @param low the least log₂ rate of the fit
 * @param high the greatest log₂ rate of the fit
 */
public record Minimum(
    double log2Rate, double logLoss, double curvature, boolean bracketed, double low, double high) {

  /** Points this close belong to the bottom of the bowl: 3 of a grid of octaves, 7 of halves. */
  private static final double REACH = 1.5;

  private static final double ROUNDING = 1e-9;

  /**
   * Fits.
   *
   * @param x log₂ rates, ascending
   * @param y logarithms of losses; infinite or NaN where there is none
   * @return the minimum; empty if no loss is finite
   */
  public static Optional<Minimum> of(double[] x, double[] y) {
    int best = smallest(y);
    if (best < 0) {
      return Optional.empty();
    }
    int from = best;
    int to = best;
    while (isNear(x, y, best, from - 1)) {
      from--;
    }
    while (isNear(x, y, best, to + 1)) {
      to++;
    }
    // A parabola needs three points: the next ones, however far, and the nearer first.
    while (to - from < 2) {
      boolean left = isThere(y, from - 1);
      boolean right = isThere(y, to + 1);
      if (!left && !right) {
        break;
      }
      if (left && (!right || x[best] - x[from - 1] <= x[to + 1] - x[best])) {
        from--;
      } else {
        to++;
      }
    }
    boolean bracketed = best > 0 && best < x.length - 1;
    double leftEnd = best > 0 ? x[best - 1] : x[best];
    double rightEnd = best < x.length - 1 ? x[best + 1] : x[best];
    double[] p =
        to - from < 2 ? new double[] {y[best], 0, Double.NaN} : parabola(x, y, best, from, to);
    if (!(p[2] > 0)) {
      return Optional.of(new Minimum(x[best], y[best], Double.NaN, bracketed, x[best], x[best]));
    }
    double vertex = Math.max(leftEnd, Math.min(rightEnd, x[best] - p[1] / (2 * p[2])));
    double t = vertex - x[best];
    return Optional.of(
        new Minimum(vertex, p[0] + t * (p[1] + t * p[2]), p[2], bracketed, x[from], x[to]));
  }

  /**
   * Which loss is the smallest.
   *
   * @param y losses; infinite or NaN where there is none
   * @return its index; -1 if none is finite
   */
  public static int smallest(double[] y) {
    int best = -1;
    for (int i = 0; i < y.length; i++) {
      if (Double.isFinite(y[i]) && (best < 0 || y[i] < y[best])) {
        best = i;
      }
    }
    return best;
  }

  private static boolean isThere(double[] y, int i) {
    return i >= 0 && i < y.length && Double.isFinite(y[i]);
  }

  private static boolean isNear(double[] x, double[] y, int best, int i) {
    return isThere(y, i) && Math.abs(x[i] - x[best]) <= REACH + ROUNDING;
  }

  /** Least squares: the coefficients of 1, t and t² with t = x − x[best]. */
  private static double[] parabola(double[] x, double[] y, int best, int from, int to) {
    double[][] a = new double[3][4];
    for (int i = from; i <= to; i++) {
      double t = x[i] - x[best];
      double[] powers = {1, t, t * t};
      for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++) {
          a[row][column] += powers[row] * powers[column];
        }
        a[row][3] += powers[row] * y[i];
      }
    }
    for (int pivot = 0; pivot < 3; pivot++) {
      for (int row = pivot + 1; row < 3; row++) {
        double factor = a[row][pivot] / a[pivot][pivot];
        for (int column = pivot; column < 4; column++) {
          a[row][column] -= factor * a[pivot][column];
        }
      }
    }
    double[] p = new double[3];
    for (int row = 2; row >= 0; row--) {
      double rest = a[row][3];
      for (int column = row + 1; column < 3; column++) {
        rest -= a[row][column] * p[column];
      }
      p[row] = rest / a[row][row];
    }
    return p;
  }

  /**
   * By how much the loss at a rate is greater than at the minimum, as a share of it.
   *
   * @param x log₂ rates of the curve
   * @param y its logarithms of losses
   * @param at log₂ of the rate
   * @return at least 0; infinite where the training diverges, NaN where nothing was tried
   */
  public double cost(double[] x, double[] y, double at) {
    double log;
    if (curvature > 0 && at >= low - ROUNDING && at <= high + ROUNDING) {
      double t = at - log2Rate;
      log = curvature * t * t;
    } else {
      log = interpolated(x, y, at) - logLoss;
    }
    return Math.max(0, Math.expm1(log));
  }

  private static double interpolated(double[] x, double[] y, double at) {
    for (int i = 0; i < x.length; i++) {
      if (Math.abs(x[i] - at) <= ROUNDING) {
        return y[i];
      }
      if (i > 0 && x[i - 1] < at && at < x[i]) {
        double share = (at - x[i - 1]) / (x[i] - x[i - 1]);
        return Double.isInfinite(y[i]) || Double.isInfinite(y[i - 1])
            ? Double.POSITIVE_INFINITY
            : (1 - share) * y[i - 1] + share * y[i];
      }
    }
    return Double.NaN;
  }
}
