package org.widthwise.torch.optim;

import org.bytedeco.pytorch.Tensor;

/** Matrices in plain Java, loops written out, to hold optimizers against. */
final class Plain {

  private Plain() {}

  static double[][] of(Tensor matrix) {
    int rows = Math.toIntExact(matrix.size(0));
    int columns = Math.toIntExact(matrix.size(1));
    double[] entries = Samples.entries(matrix);
    double[][] result = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[i][j] = entries[i * columns + j];
      }
    }
    return result;
  }

  static double[][] product(double[][] a, double[][] b) {
    double[][] result = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int k = 0; k < b.length; k++) {
          result[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return result;
  }

  static double[][] transposed(double[][] a) {
    double[][] result = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        result[j][i] = a[i][j];
      }
    }
    return result;
  }

  /** p·a + q·b. */
  static double[][] sum(double p, double[][] a, double q, double[][] b) {
    double[][] result = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        result[i][j] = p * a[i][j] + q * b[i][j];
      }
    }
    return result;
  }

  static double length(double[][] a) {
    double squares = 0;
    for (double[] row : a) {
      for (double entry : row) {
        squares += entry * entry;
      }
    }
    return Math.sqrt(squares);
  }

  /** Greatest difference over the greatest entry expected. */
  static double error(Tensor actual, double[][] expected) {
    double[][] entries = of(actual);
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[0].length; j++) {
        difference = Math.max(difference, Math.abs(entries[i][j] - expected[i][j]));
        largest = Math.max(largest, Math.abs(expected[i][j]));
      }
    }
    return difference / largest;
  }

  /**
   * Eigenvectors of a symmetric matrix in the columns, by C. Jacobi's rotations, that of the
   * largest eigenvalue first.
   */
  static double[][] eigenvectors(double[][] symmetric) {
    int n = symmetric.length;
    double[][] a = sum(1, symmetric, 0, symmetric);
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      v[i][i] = 1;
    }
    for (int sweep = 0; sweep < 50; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          double angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
          double c = Math.cos(angle);
          double s = Math.sin(angle);
          for (int k = 0; k < n; k++) {
            double left = a[k][p];
            a[k][p] = c * left - s * a[k][q];
            a[k][q] = s * left + c * a[k][q];
            double turned = v[k][p];
            v[k][p] = c * turned - s * v[k][q];
            v[k][q] = s * turned + c * v[k][q];
          }
          for (int k = 0; k < n; k++) {
            double top = a[p][k];
            a[p][k] = c * top - s * a[q][k];
            a[q][k] = s * top + c * a[q][k];
          }
        }
      }
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a[i][i];
    }
    return columns(v, descending(values));
  }

  /** The places of the values, that of the largest first. */
  static int[] descending(double[] values) {
    int[] order = new int[values.length];
    for (int i = 0; i < order.length; i++) {
      int rank = 0;
      for (double other : values) {
        if (other > values[i]) {
          rank++;
        }
      }
      order[rank] = i;
    }
    return order;
  }

  static double[][] columns(double[][] a, int[] order) {
    double[][] result = new double[a.length][order.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < order.length; j++) {
        result[i][j] = a[i][order[j]];
      }
    }
    return result;
  }

  /** Q of the QR decomposition up to signs, by J. Gram and E. Schmidt, twice over. */
  static double[][] orthonormalized(double[][] a) {
    double[][] q = transposed(a);
    for (int j = 0; j < q.length; j++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < j; k++) {
          double along = 0;
          for (int i = 0; i < q[j].length; i++) {
            along += q[j][i] * q[k][i];
          }
          for (int i = 0; i < q[j].length; i++) {
            q[j][i] -= along * q[k][i];
          }
        }
      }
      double length = length(new double[][] {q[j]});
      for (int i = 0; i < q[j].length; i++) {
        q[j][i] /= length;
      }
    }
    return transposed(q);
  }
}
