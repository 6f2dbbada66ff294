package org.widthwise.core.spectral;

import java.util.Arrays;

/**
 * A matrix stored row by row: entry {@code (i, j)} lies at {@code i · columns + j}.
 *
 * <p>The array is used as it is, without a copy, so that a checkpoint's tensor costs its memory
 * once; whoever changes it changes the operator. Sums are formed in double precision for either
 * storage.
 */
public final class DenseOperator implements LinearOperator {
  private final int rows;
  private final int columns;
  private final Entries entries;

  private DenseOperator(int rows, int columns, int length, Entries entries) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "A matrix has zero or more rows and columns, but the shape is ["
              + rows
              + ", "
              + columns
              + "]");
    }
    if ((long) rows * columns != length) {
      throw new IllegalArgumentException(
          "A matrix of shape ["
              + rows
              + ", "
              + columns
              + "] has "
              + (long) rows * columns
              + " entries, but the array holds "
              + length);
    }
    this.rows = rows;
    this.columns = columns;
    this.entries = entries;
  }

  /**
   * Takes a matrix in double precision.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @param values the entries row by row, {@code rows · columns} of them; not copied
   * @return the matrix as an operator
   * @throws IllegalArgumentException if the shape is negative or does not match the array's length
   */
  public static DenseOperator of(int rows, int columns, double[] values) {
    return new DenseOperator(rows, columns, values.length, new Doubles(columns, values));
  }

  /**
   * Takes a matrix in single precision.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @param values the entries row by row, {@code rows · columns} of them; not copied
   * @return the matrix as an operator
   * @throws IllegalArgumentException if the shape is negative or does not match the array's length
   */
  public static DenseOperator of(int rows, int columns, float[] values) {
    return new DenseOperator(rows, columns, values.length, new Floats(columns, values));
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a vector's length does not match the shape
   */
  @Override
  public void apply(double[] x, double[] y) {
    requireLengths(x, y);
    for (int i = 0; i < rows; i++) {
      y[i] = entries.dotRow(i, x);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a vector's length does not match the shape
   */
  @Override
  public void applyTransposed(double[] y, double[] x) {
    requireLengths(x, y);
    Arrays.fill(x, 0);
    for (int i = 0; i < rows; i++) {
      entries.addRow(i, y[i], x);
    }
  }

  private void requireLengths(double[] x, double[] y) {
    if (x.length != columns || y.length != rows) {
      throw new IllegalArgumentException(
          "An operator of shape ["
              + rows
              + ", "
              + columns
              + "] maps vectors of length "
              + columns
              + " to length "
              + rows
              + ", but the vectors have lengths "
              + x.length
              + " and "
              + y.length);
    }
  }

  private sealed interface Entries {
    double dotRow(int row, double[] x);

    void addRow(int row, double factor, double[] x);
  }

  private static final class Doubles implements Entries {
    private final int columns;
    private final double[] values;

    Doubles(int columns, double[] values) {
      this.columns = columns;
      this.values = values;
    }

    @Override
    public double dotRow(int row, double[] x) {
      int offset = row * columns;
      // Four sums, because one alone would wait for each addition to finish.
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      int j = 0;
      for (; j < columns - 3; j += 4) {
        sum0 += values[offset + j] * x[j];
        sum1 += values[offset + j + 1] * x[j + 1];
        sum2 += values[offset + j + 2] * x[j + 2];
        sum3 += values[offset + j + 3] * x[j + 3];
      }
      for (; j < columns; j++) {
        sum0 += values[offset + j] * x[j];
      }
      return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public void addRow(int row, double factor, double[] x) {
      int offset = row * columns;
      for (int j = 0; j < columns; j++) {
        x[j] += factor * values[offset + j];
      }
    }
  }

  private static final class Floats implements Entries {
    private final int columns;
    private final float[] values;

    Floats(int columns, float[] values) {
      this.columns = columns;
      this.values = values;
    }

    @Override
    public double dotRow(int row, double[] x) {
      int offset = row * columns;
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      int j = 0;
      for (; j < columns - 3; j += 4) {
        sum0 += values[offset + j] * x[j];
        sum1 += values[offset + j + 1] * x[j + 1];
        sum2 += values[offset + j + 2] * x[j + 2];
        sum3 += values[offset + j + 3] * x[j + 3];
      }
      for (; j < columns; j++) {
        sum0 += values[offset + j] * x[j];
      }
      return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public void addRow(int row, double factor, double[] x) {
      int offset = row * columns;
      for (int j = 0; j < columns; j++) {
        x[j] += factor * values[offset + j];
      }
    }
  }
}
