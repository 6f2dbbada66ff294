package org.widthwise.core.spectral;

import java.util.Arrays;

/**
 * All eigenvalues of a dense symmetric matrix: Householder reflections make it tridiagonal, QL
 * steps with Wilkinson's shift take the off-diagonal away (J. H. Wilkinson, "The Algebraic
 * Eigenvalue Problem", 1965, chapters 5 and 8). The absolute error is a few roundings of the
 * largest magnitude; the work is 4/3 n³ and a little.
 */
public final class SymmetricEigenvalues {

  /** A QL step converges cubically; three are usual, more than this none has been seen to need. */
  private static final int MOST_STEPS = 60;

  private SymmetricEigenvalues() {}

  /**
   * Finds the eigenvalues.
   *
   * @param size the number of rows and of columns
   * @param matrix the entries row by row, {@code size²} of them, of which the upper triangle is not
   *     read; overwritten
   * @return the eigenvalues in descending order
   * @throws IllegalArgumentException if the array's length is not {@code size²}
   * @throws ArithmeticException if an entry is NaN or infinite
   */
  public static double[] of(int size, double[] matrix) {
    if (matrix.length != (long) size * size) {
      throw new IllegalArgumentException(
          "a matrix of %d rows and columns has %d entries, but the array holds %d"
              .formatted(size, (long) size * size, matrix.length));
    }
    double[] diagonal = new double[size];
    double[] beside = new double[size];
    tridiagonalize(size, matrix, diagonal, beside);
    for (int i = 0; i < size; i++) {
      if (!Double.isFinite(diagonal[i]) || !Double.isFinite(beside[i])) {
        throw new ArithmeticException("the matrix has entries that are NaN, infinite or too large");
      }
    }
    for (int first = 0; first < size; first++) {
      deflate(first, diagonal, beside);
    }
    Arrays.sort(diagonal);
    for (int i = 0; i < size / 2; i++) {
      double small = diagonal[i];
      diagonal[i] = diagonal[size - 1 - i];
      diagonal[size - 1 - i] = small;
    }
    return diagonal;
  }

  /** Leaves {@code beside[i]} between {@code diagonal[i]} and {@code diagonal[i + 1]}. */
  private static void tridiagonalize(int size, double[] a, double[] diagonal, double[] beside) {
    double[] v = new double[size];
    double[] w = new double[size];
    for (int k = size - 1; k > 0; k--) {
      // Reflects row k left of the diagonal onto its last entry.
      int row = k * size;
      double[] left = Arrays.copyOfRange(a, row, row + k);
      double norm = Vectors.norm(left);
      diagonal[k] = a[row + k];
      double last = left[k - 1];
      double alpha = last > 0 ? -norm : norm;
      beside[k - 1] = alpha;
      if (norm == 0 || k == 1) {
        beside[k - 1] = k == 1 ? last : 0;
        continue;
      }
      System.arraycopy(left, 0, v, 0, k);
      v[k - 1] = last - alpha;
      // H = I − β v vᵀ with β = 2/‖v‖² = 1/(norm² − alpha · last).
      double beta = 1 / (norm * norm - alpha * last);
      double overlap = multiply(size, k, a, v, w, beta);
      double half = 0.5 * beta * overlap;
      for (int i = 0; i < k; i++) {
        w[i] -= half * v[i];
      }
      for (int i = 0; i < k; i++) {
        double vi = v[i];
        double wi = w[i];
        for (int j = 0, at = i * size; j <= i; j++, at++) {
          a[at] -= vi * w[j] + wi * v[j];
        }
      }
    }
    if (size > 0) {
      diagonal[0] = a[0];
    }
  }

  /** w = β·A·v by the lower triangle of the leading block; gives vᵀw. */
  private static double multiply(
      int size, int count, double[] a, double[] v, double[] w, double beta) {
    Arrays.fill(w, 0, count, 0);
    for (int i = 0; i < count; i++) {
      double sum = 0;
      double vi = v[i];
      int at = i * size;
      for (int j = 0; j < i; j++) {
        double entry = a[at + j];
        sum += entry * v[j];
        w[j] += entry * vi;
      }
      w[i] += sum + a[at + i] * vi;
    }
    double overlap = 0;
    for (int i = 0; i < count; i++) {
      w[i] *= beta;
      overlap += w[i] * v[i];
    }
    return overlap;
  }

  /** Makes the eigenvalue at an index final, those before being so. */
  private static void deflate(int first, double[] d, double[] e) {
    for (int step = 0; step < MOST_STEPS; step++) {
      int end = first;
      while (end < d.length - 1
          && Math.abs(e[end]) > 0x1p-52 * (Math.abs(d[end]) + Math.abs(d[end + 1]))) {
        end++;
      }
      if (end == first) {
        return;
      }
      step(first, end, d, e);
    }
  }

  /** One implicit QL step on the block from {@code first} to {@code end}. */
  private static void step(int first, int end, double[] d, double[] e) {
    double g = (d[first + 1] - d[first]) / (2 * e[first]);
    double shift = d[first] - e[first] / (g + Math.copySign(Math.hypot(g, 1), g));
    double bulge = d[end] - shift;
    double sine = 1;
    double cosine = 1;
    double carried = 0;
    for (int i = end - 1; i >= first; i--) {
      double f = sine * e[i];
      double b = cosine * e[i];
      double r = Math.hypot(f, bulge);
      e[i + 1] = r;
      if (r == 0) {
        // The block falls apart here.
        d[i + 1] -= carried;
        e[end] = 0;
        return;
      }
      sine = f / r;
      cosine = bulge / r;
      double h = d[i + 1] - carried;
      double t = (d[i] - h) * sine + 2 * cosine * b;
      carried = sine * t;
      d[i + 1] = h + carried;
      bulge = cosine * t - b;
    }
    d[first] -= carried;
    e[first] = bulge;
    e[end] = 0;
  }
}
