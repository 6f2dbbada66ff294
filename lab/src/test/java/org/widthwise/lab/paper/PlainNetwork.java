package org.widthwise.lab.paper;

import java.util.Arrays;

/**
 * Figure 2's network and its training written out in loops over float64 arrays: no libtorch, no
 * compression of the first layer, nothing shared with what is tested.
 */
final class PlainNetwork {

  final double[][] w1;
  final double[][] w2;
  final double[] w3;

  PlainNetwork(double[][] w1, double[][] w2, double[] w3) {
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
  }

  PlainNetwork copy() {
    return new PlainNetwork(
        Arrays.stream(w1).map(double[]::clone).toArray(double[][]::new),
        Arrays.stream(w2).map(double[]::clone).toArray(double[][]::new),
        w3.clone());
  }

  /** One step of gradient descent on the mean over examples of (f(x) − y)². */
  void step(double[][] x, double[] y, double rate1, double rate2, double rate3) {
    int n = w3.length;
    double[][] g1 = new double[n][x[0].length];
    double[][] g2 = new double[n][n];
    double[] g3 = new double[n];
    for (int b = 0; b < x.length; b++) {
      double[] h1 = multiply(w1, x[b]);
      double[] z1 = relu(h1);
      double[] h2 = multiply(w2, z1);
      double[] z2 = relu(h2);
      double byOutput = 2.0 / x.length * (dot(w3, z2) - y[b]);
      double[] byH1 = new double[n];
      for (int i = 0; i < n; i++) {
        g3[i] += byOutput * z2[i];
        double byH2 = h2[i] > 0 ? byOutput * w3[i] : 0;
        for (int j = 0; j < n; j++) {
          g2[i][j] += byH2 * z1[j];
          byH1[j] += byH2 * w2[i][j];
        }
      }
      for (int j = 0; j < n; j++) {
        if (h1[j] > 0) {
          for (int k = 0; k < x[b].length; k++) {
            g1[j][k] += byH1[j] * x[b][k];
          }
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < g1[i].length; k++) {
        w1[i][k] -= rate1 * g1[i][k];
      }
      for (int j = 0; j < n; j++) {
        w2[i][j] -= rate2 * g2[i][j];
      }
      w3[i] -= rate3 * g3[i];
    }
  }

  double loss(double[][] x, double[] y) {
    double sum = 0;
    for (int b = 0; b < x.length; b++) {
      double residual = dot(w3, relu(h2(x[b]))) - y[b];
      sum += residual * residual;
    }
    return sum / x.length;
  }

  /** The first layer's activation. */
  double[] z1(double[] x) {
    return relu(multiply(w1, x));
  }

  /** The gradient of the mean over so many examples by one example's h₂. */
  double[] byH2(double[] x, double y, int examples) {
    double[] h2 = h2(x);
    double byOutput = 2.0 / examples * (dot(w3, relu(h2)) - y);
    double[] gradient = new double[h2.length];
    for (int i = 0; i < h2.length; i++) {
      gradient[i] = h2[i] > 0 ? byOutput * w3[i] : 0;
    }
    return gradient;
  }

  /** The second layer's preactivation. */
  double[] h2(double[] x) {
    return multiply(w2, z1(x));
  }

  static double[] relu(double[] h) {
    double[] z = new double[h.length];
    for (int i = 0; i < h.length; i++) {
      z[i] = Math.max(0, h[i]);
    }
    return z;
  }

  static double[] minus(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  static double[][] minus(double[][] a, double[][] b) {
    double[][] difference = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      difference[i] = minus(a[i], b[i]);
    }
    return difference;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  static double frobenius(double[][] a) {
    double squares = 0;
    for (double[] row : a) {
      squares += dot(row, row);
    }
    return Math.sqrt(squares);
  }

  /** By squaring AᵀA, scaled, 60 times: the power method with 2⁶⁰ iterations. */
  static double spectral(double[][] a) {
    int n = a[0].length;
    double[][] power = new double[n][n];
    for (double[] row : a) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          power[i][j] += row[i] * row[j];
        }
      }
    }
    for (int round = 0; round < 60; round++) {
      double scale = frobenius(power);
      double[][] square = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          for (int k = 0; k < n; k++) {
            square[i][j] += power[i][k] / scale * (power[k][j] / scale);
          }
        }
      }
      power = square;
    }
    // Now a multiple of v·vᵀ; its longest column is v up to a factor.
    double[] v = power[0];
    for (double[] row : power) {
      v = norm(row) > norm(v) ? row : v;
    }
    return norm(multiply(a, v)) / norm(v);
  }

  private static double[] multiply(double[][] matrix, double[] vector) {
    double[] product = new double[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      product[i] = dot(matrix[i], vector);
    }
    return product;
  }
}
