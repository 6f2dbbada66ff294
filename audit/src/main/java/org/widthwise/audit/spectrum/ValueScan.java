package org.widthwise.audit.spectrum;

/**
 * What one pass over a tensor's values tells: whether they are finite, how large they are, the sums
 * of squares of its slices and of its rows. Sums are kept in units of a power of two that follows
 * the largest value, so that none overflows.
 */
final class ValueScan {

  private final TensorLayout layout;
  private final int sliceCount;
  private final long rowLength;
  private final double[] sums;
  private int exponent = Double.MIN_EXPONENT;
  private double rowSum;
  private double largestRowSum;
  private long nonFinite;
  private long firstNonFinite = -1;

  private ValueScan(TensorLayout layout) {
    this.layout = layout;
    sliceCount = layout.slices();
    rowLength = layout.columns();
    sums = new double[sliceCount];
  }

  /** Looks at all values of a tensor. */
  static ValueScan of(TensorValues values, TensorLayout layout) {
    ValueScan scan = new ValueScan(layout);
    double[] piece = new double[TensorValues.PIECE];
    for (long first = 0; first < layout.elements(); ) {
      int count = (int) Math.min(TensorValues.PIECE, layout.elements() - first);
      values.read(first, piece, count);
      scan.measure(first, piece, count);
      scan.add(first, piece, count);
      first += count;
    }
    scan.largestRowSum = Math.max(scan.largestRowSum, scan.rowSum);
    return scan;
  }

  /** Adapts the unit to what comes. */
  private void measure(long first, double[] piece, int count) {
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double magnitude = Math.abs(piece[i]);
      if (magnitude <= Double.MAX_VALUE) {
        largest = Math.max(largest, magnitude);
      } else {
        firstNonFinite = nonFinite == 0 ? first + i : firstNonFinite;
        nonFinite++;
        piece[i] = 0;
      }
    }
    int needed = Math.max(Double.MIN_EXPONENT, Math.getExponent(largest));
    if (needed > exponent) {
      double factor = Math.scalb(1.0, 2 * Math.max(exponent - needed, -Double.MAX_EXPONENT / 2));
      for (int i = 0; i < sliceCount; i++) {
        sums[i] *= factor;
      }
      rowSum *= factor;
      largestRowSum *= factor;
      exponent = needed;
    }
  }

  private void add(long first, double[] piece, int count) {
    double factor = Math.scalb(1.0, -exponent);
    long inRow = first % rowLength;
    if (inRow == 0 && first > 0) {
      // The row before ended with the piece before, and was not closed yet.
      inRow = rowLength;
    }
    for (int i = 0; i < count; i++) {
      double scaled = factor * piece[i];
      double square = scaled * scaled;
      if (inRow == rowLength) {
        largestRowSum = Math.max(largestRowSum, rowSum);
        rowSum = 0;
        inRow = 0;
      }
      inRow++;
      rowSum += square;
      if (sliceCount == 1) {
        sums[0] += square;
      } else {
        sums[layout.sliceAt(first + i)] += square;
      }
    }
  }

  /** How many values are NaN or infinite. */
  long nonFinite() {
    return nonFinite;
  }

  /** The index of the first of them, -1 if there is none. */
  long firstNonFinite() {
    return firstNonFinite;
  }

  /** The exponent of the power of two just below the largest magnitude. */
  int exponent() {
    return exponent;
  }

  /** The Frobenius norm of all values. */
  double frobenius() {
    double sum = 0;
    for (double slice : sums) {
      sum += slice;
    }
    return Math.scalb(Math.sqrt(sum), exponent);
  }

  /** The Frobenius norm of one slice. */
  double frobenius(int slice) {
    return Math.scalb(Math.sqrt(sums[slice]), exponent);
  }

  /** The greatest norm of a row. */
  double largestRow() {
    return Math.scalb(Math.sqrt(largestRowSum), exponent);
  }
}
