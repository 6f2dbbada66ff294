package org.widthwise.core.spectral;

/**
 * The odd quintic closest to 1 on an interval, by the procedure of E. Remez (1934).
 *
 * <p>The best one misses 1 by the same error E, with alternating signs, at four points: both ends
 * and the two extrema between. From a guess of the extrema the coefficients and E follow linearly;
 * the extrema of that quintic are the next guess. For odd quintics this converges fast from the
 * quarters of the interval.
 */
final class MinimaxQuintic {

  /** Above this ratio of the ends, the error is below 10⁻¹⁶ and the equations are singular. */
  private static final double POINT_LIKE = 1 - 5e-6;

  /** More than ever seen; convergence is quadratic. */
  private static final int MAX_EXCHANGES = 100;

  private static final double ROUNDING = 1e-15;

  private MinimaxQuintic() {}

  /**
   * Finds it.
   *
   * @param lower the interval's lower end, above 0
   * @param upper its upper end, not below the lower
   */
  static OddQuintic on(double lower, double upper) {
    if (lower / upper >= POINT_LIKE) {
      // The limit of the equations: value 1, and slope and curvature 0, at the upper end.
      return new OddQuintic(15.0 / 8, -10.0 / 8, 3.0 / 8).stretched(upper);
    }
    double low = (3 * lower + upper) / 4;
    double high = (lower + 3 * upper) / 4;
    double error = Double.POSITIVE_INFINITY;
    OddQuintic best = new OddQuintic(0, 0, 0);
    for (int exchange = 0; exchange < MAX_EXCHANGES; exchange++) {
      double[] solution = levelled(lower, low, high, upper);
      best = new OddQuintic(solution[0], solution[1], solution[2]);
      double change = Math.abs(error - solution[3]);
      error = solution[3];
      if (change <= ROUNDING) {
        break;
      }
      // The roots of p′ = a + 3b·x² + 5c·x⁴.
      double root = Math.sqrt(9 * best.b() * best.b() - 20 * best.a() * best.c());
      low = Math.sqrt((-3 * best.b() - root) / (10 * best.c()));
      high = Math.sqrt((-3 * best.b() + root) / (10 * best.c()));
    }
    return best;
  }

  /** a, b, c and E such that p(x) ± E = 1 with alternating signs at four points. */
  private static double[] levelled(double... points) {
    double[][] rows = new double[points.length][];
    double sign = 1;
    for (int i = 0; i < points.length; i++) {
      double x = points[i];
      rows[i] = new double[] {x, x * x * x, x * x * x * x * x, sign, 1};
      sign = -sign;
    }
    return solve(rows);
  }

  /** Gaussian elimination with partial pivoting; the right-hand side is the last column. */
  private static double[] solve(double[][] rows) {
    int size = rows.length;
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int i = column + 1; i < size; i++) {
        if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) {
          pivot = i;
        }
      }
      double[] chosen = rows[pivot];
      rows[pivot] = rows[column];
      rows[column] = chosen;
      for (int i = column + 1; i < size; i++) {
        double factor = rows[i][column] / chosen[column];
        for (int j = column; j <= size; j++) {
          rows[i][j] -= factor * chosen[j];
        }
      }
    }
    double[] solution = new double[size];
    for (int i = size - 1; i >= 0; i--) {
      double sum = rows[i][size];
      for (int j = i + 1; j < size; j++) {
        sum -= rows[i][j] * solution[j];
      }
      solution[i] = sum / rows[i][i];
    }
    return solution;
  }
}
