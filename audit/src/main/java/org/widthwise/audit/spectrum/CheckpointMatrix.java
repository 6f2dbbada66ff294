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

  /** Entries that take much longer to work on than it takes to wake a thread. */
  private static final int LEAST_PART = 1 << 16;

  private final int rows;
  private final int columns;
  private final int blockRows;
  private final int blockColumns;
  private final TensorValues values;
  private final int exponent;
  private final boolean held;
  private final float[] block;
  private final SpareThreads threads;

  /**
   * A matrix.
   *
   * @param rows its rows
   * @param columns its columns
   * @param values its entries row by row
   * @param exponent of the power of two by which they are multiplied
   * @param mostHeld the most entries to hold in memory
   * @param mostRead the most entries to read at a time otherwise
   * @param threads to work with, as far as they are free
   */
  CheckpointMatrix(
      int rows,
      int columns,
      TensorValues values,
      int exponent,
      long mostHeld,
      int mostRead,
      SpareThreads threads) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
    this.exponent = exponent;
    this.threads = threads;
    this.held = (long) rows * columns <= mostHeld;
    this.blockColumns = held ? columns : Math.min(columns, mostRead);
    this.blockRows =
        held ? rows : blockColumns < columns ? 1 : Math.min(rows, Math.max(1, mostRead / columns));
    this.block = new float[blockRows * blockColumns];
    if (held) {
      read(0, block.length);
    }
  }

  /** A matrix, held if it has at most {@link #MOST_HELD} entries. */
  static CheckpointMatrix of(
      int rows, int columns, TensorValues values, int exponent, SpareThreads threads) {
    return new CheckpointMatrix(rows, columns, values, exponent, MOST_HELD, BLOCK, threads);
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
            threads.split(
                rowCount,
                unit(columnCount),
                (from, to) ->
                    FloatKernels.dotRows(block, from, to, columnCount, single, column, y, row)));
  }

  @Override
  public void applyTransposed(double[] y, double[] x) {
    float[] single = single(y);
    Arrays.fill(x, 0);
    forBlocks(
        (row, column, rowCount, columnCount) ->
            threads.split(
                columnCount,
                Math.max(FloatKernels.LANES, unit(rowCount)),
                (from, to) ->
                    FloatKernels.addRows(
                        block, rowCount, columnCount, from, to, single, row, x, column)));
  }

  private void forBlocks(BlockAction action) {
    for (int row = 0; row < rows; row += blockRows) {
      int rowCount = Math.min(blockRows, rows - row);
      for (int column = 0; column < columns; column += blockColumns) {
        int columnCount = Math.min(blockColumns, columns - column);
        if (!held) {
          long first = (long) row * columns + column;
          read(first, rowCount * columnCount);
        }
        action.accept(row, column, rowCount, columnCount);
      }
    }
  }

  /** Fills the block from its beginning. */
  private void read(long first, int count) {
    threads.split(
        count,
        TensorValues.PIECE,
        (from, to) -> {
          float[] some = new float[Math.min(TensorValues.PIECE, to - from)];
          double[] piece = new double[TensorValues.PIECE];
          for (int at = from; at < to; at += some.length) {
            int length = Math.min(some.length, to - at);
            values.read(first + at, some, length, exponent, piece);
            System.arraycopy(some, 0, block, at, length);
          }
        });
  }

  /** How many rows or columns of a length are worth a thread of their own. */
  private static int unit(int length) {
    return Math.max(1, LEAST_PART / length);
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
