package org.widthwise.lab.data;

/**
 * The orthonormal inverse cosine transform of square images by halving (B. G. Lee, "A new algorithm
 * to compute the discrete cosine transform", IEEE TASSP 1984). With a = π(2n+1)/2N the odd
 * frequencies of length N obey
 *
 * <pre>2·cos(a)·Σ_j X_{2j+1}·cos((2j+1)·a) = Σ_j (X_{2j+1} + X_{2j−1})·cos(2j·a)</pre>
 *
 * a transform of length N/2, as that of the even ones is. Sums and products of doubles in a fixed
 * order, so that the result has the same bits everywhere.
 */
final class CosineTransform {
  private final int side;

  /** Entry N/2 + n is 1/(2·cos(π(2n+1)/2N)), for each length N = 2, 4, …, side. */
  private final double[] halfSecants;

  private final double scale;
  private final double scaleAtZero;

  /** {@code side} is a power of two. */
  CosineTransform(int side) {
    this.side = side;
    this.scale = Math.sqrt(2.0 / side);
    this.scaleAtZero = Math.sqrt(1.0 / side);
    this.halfSecants = new double[side];
    for (int length = 2; length <= side; length *= 2) {
      for (int n = 0; n < length / 2; n++) {
        halfSecants[length / 2 + n] = 0.5 / StrictMath.cos(Math.PI * (2 * n + 1) / (2.0 * length));
      }
    }
  }

  /**
   * Turns coefficients {@code [side, side]}, row-major by frequency down and across, into values.
   */
  double[] inverse(double[] coefficients) {
    double[] a = coefficients.clone();
    double[] b = new double[a.length];
    inverseRows(a, b);
    transpose(a, b);
    inverseRows(b, a);
    transpose(b, a);
    return a;
  }

  private void inverseRows(double[] a, double[] scratch) {
    for (int row = 0; row < a.length; row += side) {
      a[row] *= scaleAtZero;
      for (int k = 1; k < side; k++) {
        a[row + k] *= scale;
      }
      inverse(a, row, side, scratch);
    }
  }

  private void inverse(double[] a, int from, int length, double[] scratch) {
    int half = length / 2;
    if (length == 2) {
      double odd = a[from + 1] * halfSecants[half];
      a[from + 1] = a[from] - odd;
      a[from] += odd;
      return;
    }
    scratch[from] = a[from];
    scratch[from + half] = a[from + 1];
    for (int j = 1; j < half; j++) {
      scratch[from + j] = a[from + 2 * j];
      scratch[from + half + j] = a[from + 2 * j + 1] + a[from + 2 * j - 1];
    }
    inverse(scratch, from, half, a);
    inverse(scratch, from + half, half, a);
    for (int n = 0; n < half; n++) {
      double even = scratch[from + n];
      double odd = scratch[from + half + n] * halfSecants[half + n];
      a[from + n] = even + odd;
      a[from + length - 1 - n] = even - odd;
    }
  }

  private void transpose(double[] from, double[] to) {
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        to[j * side + i] = from[i * side + j];
      }
    }
  }
}
