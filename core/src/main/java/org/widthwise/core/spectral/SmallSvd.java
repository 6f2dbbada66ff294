package org.widthwise.core.spectral;

import java.util.Arrays;

/**
 * The singular value decomposition {@code B = X S Yᵀ} of a small square matrix by one-sided Jacobi
 * rotations.
 *
 * <p>The columns of {@code B} are rotated in pairs until they are orthogonal (M. R. Hestenes,
 * "Inversion of matrices by biorthogonalization and related results", J. SIAM 6, 1958). Chosen over
 * the QR iteration because the projected matrix is an arrow and not bidiagonal after a thick
 * restart, and because small singular values keep their relative accuracy (J. Demmel, K. Veselić,
 * "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13, 1992). The number of
 * sweeps is bounded, so the method always returns; six to ten are usual.
 */
final class SmallSvd {
  private static final int MAX_SWEEPS = 60;
  private static final double EPSILON = 0x1p-52;

  private final double[] values;
  private final double[][] left;
  private final double[][] right;

  /** {@code left} and {@code right} hold one singular vector each in their rows. */
  private SmallSvd(double[] values, double[][] left, double[][] right) {
    this.values = values;
    this.left = left;
    this.right = right;
  }

  /**
   * Decomposes the leading block of a matrix.
   *
   * @param matrix the entries, {@code matrix[i][j]} in row i and column j; left alone
   * @param size how many rows and columns count
   */
  static SmallSvd of(double[][] matrix, int size) {
    double[][] columns = new double[size][size];
    double[][] rotations = new double[size][size];
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < size; i++) {
        columns[j][i] = matrix[i][j];
      }
      rotations[j][j] = 1;
    }
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      if (!sweep(columns, rotations)) {
        break;
      }
    }
    return sorted(columns, rotations);
  }

  /** Rotates every pair of columns once; false if none needed it. */
  private static boolean sweep(double[][] columns, double[][] rotations) {
    int size = columns.length;
    double tolerance = EPSILON * Math.sqrt(size);
    boolean rotated = false;
    for (int p = 0; p < size - 1; p++) {
      for (int q = p + 1; q < size; q++) {
        double pp = Vectors.dot(columns[p], columns[p]);
        double qq = Vectors.dot(columns[q], columns[q]);
        double pq = Vectors.dot(columns[p], columns[q]);
        if (Math.abs(pq) <= tolerance * Math.sqrt(pp) * Math.sqrt(qq)) {
          continue;
        }
        rotated = true;
        double zeta = (qq - pp) / (2 * pq);
        double tangent = Math.copySign(1 / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta)), zeta);
        double cosine = 1 / Math.sqrt(1 + tangent * tangent);
        rotate(columns[p], columns[q], cosine, cosine * tangent);
        rotate(rotations[p], rotations[q], cosine, cosine * tangent);
      }
    }
    return rotated;
  }

  private static void rotate(double[] a, double[] b, double cosine, double sine) {
    for (int i = 0; i < a.length; i++) {
      double old = a[i];
      a[i] = cosine * old - sine * b[i];
      b[i] = sine * old + cosine * b[i];
    }
  }

  private static SmallSvd sorted(double[][] columns, double[][] rotations) {
    int size = columns.length;
    double[] norms = new double[size];
    Integer[] order = new Integer[size];
    for (int j = 0; j < size; j++) {
      norms[j] = Vectors.norm(columns[j]);
      order[j] = j;
    }
    Arrays.sort(order, (a, b) -> Double.compare(norms[b], norms[a]));
    double[] values = new double[size];
    double[][] left = new double[size][];
    double[][] right = new double[size][];
    for (int j = 0; j < size; j++) {
      int from = order[j];
      values[j] = norms[from];
      left[j] = columns[from];
      right[j] = rotations[from];
      if (norms[from] > 0) {
        Vectors.normalize(left[j]);
      }
    }
    return new SmallSvd(values, left, right);
  }

  int size() {
    return values.length;
  }

  /** The singular value of the given rank, 0 for the largest. */
  double value(int rank) {
    return values[rank];
  }

  /** The left singular vector of the given rank; the zero vector where the value is 0. */
  double[] left(int rank) {
    return left[rank];
  }

  /** The right singular vector of the given rank. */
  double[] right(int rank) {
    return right[rank];
  }
}
