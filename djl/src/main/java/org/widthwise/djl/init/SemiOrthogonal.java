package org.widthwise.djl.init;

/**
 * Random semi-orthogonal matrices in plain Java, since DJL has no QR decomposition: Gaussian
 * columns made orthonormal one after another by Gram–Schmidt, each twice, which is enough for full
 * accuracy (L. Giraud, J. Langou, M. Rozložník, J. van den Eshof, 2005). Q is uniform over all such
 * matrices (Haar measure), as R's diagonal is positive.
 *
 * <p>It costs {@code 4 · long side · short side²} operations: a second for 1024 × 1024.
 */
final class SemiOrthogonal {

  private SemiOrthogonal() {}

  /**
   * Draws one.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @param stream the source of randomness
   * @return row by row, all min(rows, columns) singular values 1
   */
  static double[] draw(int rows, int columns, GaussianStream stream) {
    int length = Math.max(rows, columns);
    int count = Math.min(rows, columns);
    double[][] vectors = new double[count][];
    for (int i = 0; i < count; i++) {
      double[] vector = new double[length];
      for (int k = 0; k < length; k++) {
        vector[k] = stream.next();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          subtractProjection(vector, vectors[j]);
        }
      }
      double norm = Math.sqrt(dot(vector, vector));
      for (int k = 0; k < length; k++) {
        vector[k] /= norm;
      }
      vectors[i] = vector;
    }
    double[] values = new double[rows * columns];
    boolean wide = rows < columns;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        values[i * columns + j] = wide ? vectors[i][j] : vectors[j][i];
      }
    }
    return values;
  }

  private static void subtractProjection(double[] vector, double[] unit) {
    double along = dot(vector, unit);
    for (int k = 0; k < vector.length; k++) {
      vector[k] -= along * unit[k];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }
}
