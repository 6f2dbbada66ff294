package org.widthwise.core.spectral;

import java.util.Random;

/** Row-major test matrices with known or interesting spectra. */
final class Matrices {
  private Matrices() {}

  static double[] gaussian(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[] a = new double[rows * columns];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextGaussian();
    }
    return a;
  }

  static float[] toFloat(double[] a) {
    float[] b = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      b[i] = (float) a[i];
    }
    return b;
  }

  static double[] toDouble(float[] a) {
    double[] b = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      b[i] = a[i];
    }
    return b;
  }

  static double[] scaled(double[] a, double factor) {
    double[] b = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      b[i] = factor * a[i];
    }
    return b;
  }

  static double[] hilbert(int rows, int columns) {
    double[] a = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        a[i * columns + j] = 1.0 / (i + j + 1);
      }
    }
    return a;
  }

  static double[] identity(int size) {
    double[] a = new double[size * size];
    for (int i = 0; i < size; i++) {
      a[i * size + i] = 1;
    }
    return a;
  }

  static double[] outer(double[] u, double[] v) {
    double[] a = new double[u.length * v.length];
    for (int i = 0; i < u.length; i++) {
      for (int j = 0; j < v.length; j++) {
        a[i * v.length + j] = u[i] * v[j];
      }
    }
    return a;
  }

  /** Gaussian vectors made orthonormal, one a row, {@code [count, length]}. */
  static double[][] orthonormal(int count, int length, long seed) {
    double[] raw = gaussian(count, length, seed);
    double[][] q = new double[count][length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(raw, i * length, q[i], 0, length);
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < i; k++) {
          double overlap = 0;
          for (int j = 0; j < length; j++) {
            overlap += q[i][j] * q[k][j];
          }
          for (int j = 0; j < length; j++) {
            q[i][j] -= overlap * q[k][j];
          }
        }
        double square = 0;
        for (double value : q[i]) {
          square += value * value;
        }
        for (int j = 0; j < length; j++) {
          q[i][j] /= Math.sqrt(square);
        }
      }
    }
    return q;
  }

  /** A matrix with the given singular values and random singular vectors. */
  static double[] withSpectrum(int rows, int columns, double[] values, long seed) {
    double[][] u = orthonormal(values.length, rows, seed);
    double[][] v = orthonormal(values.length, columns, seed + 1);
    double[] a = new double[rows * columns];
    for (int k = 0; k < values.length; k++) {
      for (int i = 0; i < rows; i++) {
        double factor = values[k] * u[k][i];
        for (int j = 0; j < columns; j++) {
          a[i * columns + j] += factor * v[k][j];
        }
      }
    }
    return a;
  }

  /** The right singular vectors that {@link #withSpectrum} builds in. */
  static double[][] rightVectors(int columns, int count, long seed) {
    return orthonormal(count, columns, seed + 1);
  }
}
