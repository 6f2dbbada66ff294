package org.widthwise.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * How an array is read as what it stands for: a vector {@code [rows]}, a matrix {@code [rows,
 * columns]}, or a stack of matrices {@code [maps, rows, columns]}, the rows being outputs. A kernel
 * counts as a matrix of {@code channelsIn · k…} columns; each row of an embedding is a map of its
 * own, from the one number 1 to the row (appendix E). Rules that treat a matrix as a whole, such as
 * Muon, need to know; rules that go entry by entry do not.
 *
 * @param maps the number of matrices, 1 for a single one or a vector
 * @param rows the fan-out of a map
 * @param columns the fan-in of a map with all its kernel positions; 0 for a vector
 * @param kernel the number of kernel positions, 1 where there is no kernel
 * @param inputFirst whether the array holds each map as {@code [inputs, outputs, kernel…]}
 */
public record MatrixView(long maps, long rows, long columns, long kernel, boolean inputFirst) {

  /**
   * Checks the sizes.
   *
   * @param maps at least 1
   * @param rows at least 1
   * @param columns at least 0
   * @param kernel a divisor of the columns
   * @param inputFirst whether each map is stored the other way round
   * @throws IllegalArgumentException if one is out of its range, or a vector is a stack
   */
  public MatrixView {
    boolean vector = columns == 0;
    if (maps < 1
        || rows < 1
        || columns < 0
        || kernel < 1
        || columns % kernel != 0
        || (vector && (maps > 1 || inputFirst))) {
      throw new IllegalArgumentException(
          "a view is of matrices of at least one row, or of a single vector, but this is of %d maps, %d × %d, with %d kernel positions"
              .formatted(maps, rows, columns, kernel));
    }
  }

  static MatrixView vector(long length) {
    return new MatrixView(1, length, 0, 1, false);
  }

  static MatrixView matrices(long maps, long rows, long columns) {
    return new MatrixView(maps, rows, columns, 1, false);
  }

  static MatrixView inputFirst(long maps, long rows, long inputs, long kernel) {
    return new MatrixView(maps, rows, inputs * kernel, kernel, true);
  }

  /**
   * The shape of the view.
   *
   * @return one to three dimensions
   */
  public Shape shape() {
    if (columns == 0) {
      return new Shape(rows);
    }
    return maps == 1 ? new Shape(rows, columns) : new Shape(maps, rows, columns);
  }

  /**
   * Reads an array so.
   *
   * @param array an array of as many entries as the view has
   * @return a new array, which may share its values with the given one, of the shape {@link #shape}
   */
  public NDArray of(NDArray array) {
    return inputFirst
        ? array.reshape(maps, columns / kernel, rows, kernel).swapAxes(1, 2).reshape(shape())
        : array.reshape(shape());
  }

  /**
   * The way back.
   *
   * @param view an array of the shape {@link #shape}
   * @param shape the shape of the original
   * @return a new array, which may share its values with the view
   */
  public NDArray restore(NDArray view, Shape shape) {
    return inputFirst
        ? view.reshape(maps, rows, columns / kernel, kernel).swapAxes(1, 2).reshape(shape)
        : view.reshape(shape);
  }
}
