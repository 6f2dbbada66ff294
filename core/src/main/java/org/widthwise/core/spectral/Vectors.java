package org.widthwise.core.spectral;

import java.util.Random;

/** The few vector operations that the spectral algorithms are made of. */
final class Vectors {
  /** Sums of squares inside these bounds have lost nothing to overflow or underflow. */
  private static final double SMALLEST_SAFE_SQUARE = 0x1p-900;

  private static final double LARGEST_SAFE_SQUARE = 0x1p1000;

  private Vectors() {}

  /** Eight sums side by side: a single one would wait for each addition to end. */
  static double dot(double[] a, double[] b) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    double sum4 = 0;
    double sum5 = 0;
    double sum6 = 0;
    double sum7 = 0;
    int i = 0;
    for (; i < a.length - 7; i += 8) {
      sum0 += a[i] * b[i];
      sum1 += a[i + 1] * b[i + 1];
      sum2 += a[i + 2] * b[i + 2];
      sum3 += a[i + 3] * b[i + 3];
      sum4 += a[i + 4] * b[i + 4];
      sum5 += a[i + 5] * b[i + 5];
      sum6 += a[i + 6] * b[i + 6];
      sum7 += a[i + 7] * b[i + 7];
    }
    for (; i < a.length; i++) {
      sum0 += a[i] * b[i];
    }
    return ((sum0 + sum1) + (sum2 + sum3)) + ((sum4 + sum5) + (sum6 + sum7));
  }

  /** Adds {@code factor · x} to {@code y}. */
  static void add(double factor, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] += factor * x[i];
    }
  }

  /** The Euclidean norm, right wherever it is itself a finite double. */
  static double norm(double[] x) {
    double square = dot(x, x);
    if (square > SMALLEST_SAFE_SQUARE && square < LARGEST_SAFE_SQUARE) {
      return Math.sqrt(square);
    }
    double largest = largestMagnitude(x);
    if (largest == 0 || !Double.isFinite(largest)) {
      return largest;
    }
    int exponent = Math.getExponent(largest);
    double sum = 0;
    for (double value : x) {
      double scaled = Math.scalb(value, -exponent);
      sum += scaled * scaled;
    }
    return Math.scalb(Math.sqrt(sum), exponent);
  }

  /** The largest magnitude; NaN if there is a NaN. */
  static double largestMagnitude(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Divides by the norm, after a power of two, so that extreme vectors keep their direction. */
  static void normalize(double[] x) {
    int exponent = Math.getExponent(largestMagnitude(x));
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.scalb(x[i], -exponent);
    }
    double norm = norm(x);
    for (int i = 0; i < x.length; i++) {
      x[i] /= norm;
    }
  }

  /** A unit vector of uniformly distributed direction. */
  static double[] randomUnit(int length, Random random) {
    double[] x = new double[length];
    for (int i = 0; i < length; i++) {
      x[i] = random.nextGaussian();
    }
    normalize(x);
    return x;
  }

  /** The unit vector along the first axis, or the empty vector. */
  static double[] firstAxis(int length) {
    double[] x = new double[length];
    if (length > 0) {
      x[0] = 1;
    }
    return x;
  }
}
