package org.widthwise.core.norm;

/** Natural norms of vectors and of embedding tables (definitions 2 and 3, appendix E). */
public final class NaturalNorms {

  private NaturalNorms() {}

  /**
   * The natural norm of a dense vector: its root mean square (eq. 28).
   *
   * @param vector the vector, at least one entry
   * @return ‖v‖₂ / √dim
   */
  public static double dense(double[] vector) {
    return sparse(vector) / Math.sqrt(vector.length);
  }

  /**
   * The natural norm of a sparse vector, one with a constant number of entries that count: its
   * ordinary ℓ²-norm (eq. 29).
   *
   * @param vector the vector
   * @return ‖v‖₂
   */
  public static double sparse(double[] vector) {
    double largest = 0;
    for (double entry : vector) {
      largest = Math.max(largest, Math.abs(entry));
    }
    if (largest == 0 || Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (double entry : vector) {
      double scaled = entry / largest;
      sum += scaled * scaled;
    }
    return largest * Math.sqrt(sum);
  }

  /**
   * The natural spectral norm of an embedding table: the most that it can make of a one-hot vector
   * of norm 1, measured by the root mean square of the features. Not the table's largest singular
   * value, which answers to inputs that never occur.
   *
   * @param table the entries, row by row, shape {@code [vocabulary, width]}
   * @param width the length of a row
   * @return the largest row norm over √width
   * @throws IllegalArgumentException if the table's length is no multiple of the width
   */
  public static double embedding(double[] table, int width) {
    if (width < 1 || table.length % width != 0) {
      throw new IllegalArgumentException(
          "an embedding table of width %d cannot have %d entries".formatted(width, table.length));
    }
    double largest = 0;
    double[] row = new double[width];
    for (int start = 0; start < table.length; start += width) {
      System.arraycopy(table, start, row, 0, width);
      largest = Math.max(largest, dense(row));
    }
    return largest;
  }
}
