package org.widthwise.audit.spectrum;

import java.util.Arrays;
import org.widthwise.core.spectral.LinearOperator;

/**
 * A matrix of a checkpoint in single precision, times a power of two: held in memory where it is
 * small enough, else read again, block by block, at each product.
 */
final class CheckpointMatrix implements LinearOperator {

  /** The most entries that are held, 256 MiB of them. */
  static final long MOST_HELD = 1L << 26;

  /** The entries of a block that is read at a time, 16 MiB of them. */
  static final int BLOCK = 1 << 22;

  private final int rows;
  private final int columns;
  private final int blockRows;
  private final int blockColumns;
  private final TensorValues values;
  private final int exponent;
  private final boolean held;
  private final float[] block;
  private final double[] piece = new double[TensorValues.PIECE];
  private final float[] lanes = new float[FloatKernels.LANES];

  /**
   * A matrix.
   *
   * @param rows its rows
   * @param columns its columns
   * @param values its entries row by row
   * @param exponent of the power of two by which they are multiplied
   * @param mostHeld the most entries to hold in memory
   * @param mostRead the most entries to read at a time otherwise
   */
  CheckpointMatrix(
      int rows, int columns, TensorValues values, int exponent, long mostHeld, int mostRead) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
    this.exponent = exponent;
    this.held = (long) rows * columns <= mostHeld;
    this.blockColumns = held ? columns : Math.min(columns, mostRead);
    this.blockRows =
        held ? rows : blockColumns < columns ? 1 : Math.min(rows, Math.max(1, mostRead / columns));
    this.block = new float[blockRows * blockColumns];
    if (held) {
      values.read(0, block, block.length, exponent, piece);
    }
  }

  /** A matrix, held if it has at most {@link #MOST_HELD} entries. */
  static CheckpointMatrix of(int rows, int columns, TensorValues values, int exponent) {
    return new CheckpointMatrix(rows, columns, values, exponent, MOST_HELD, BLOCK);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void apply(double[] x, double[] y) {
    float[] single = single(x);
    Arrays.fill(y, 0);
    forBlocks(
        (row, column, rowCount, columnCount) ->
            FloatKernels.dotRows(block, rowCount, columnCount, single, column, y, row, lanes));
  }

  @Override
  public void applyTransposed(double[] y, double[] x) {
    float[] single = single(y);
    Arrays.fill(x, 0);
    forBlocks(
        (row, column, rowCount, columnCount) ->
            FloatKernels.addRows(block, rowCount, columnCount, single, row, x, column, lanes));
  }

  private void forBlocks(BlockAction action) {
    for (int row = 0; row < rows; row += blockRows) {
      int rowCount = Math.min(blockRows, rows - row);
      for (int column = 0; column < columns; column += blockColumns) {
        int columnCount = Math.min(blockColumns, columns - column);
        if (!held) {
          long first = (long) row * columns + column;
          values.read(first, block, rowCount * columnCount, exponent, piece);
        }
        action.accept(row, column, rowCount, columnCount);
      }
    }
  }

  private static float[] single(double[] vector) {
    float[] single = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      single[i] = (float) vector[i];
    }
    return single;
  }

  @FunctionalInterface
  private interface BlockAction {
    void accept(int row, int column, int rowCount, int columnCount);
  }
}
