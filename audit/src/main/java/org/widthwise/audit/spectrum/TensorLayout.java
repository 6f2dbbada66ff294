package org.widthwise.audit.spectrum;

import java.util.List;
import org.widthwise.audit.model.FusedMaps;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * How the matrices of a tensor lie in it. Whether a matrix lies there with its inputs or its
 * outputs first makes no difference to its singular values.
 *
 * @param maps how many maps are stacked along the first dimension, outputs first: the groups of a
 *     convolution, else mostly one
 * @param positions of a convolution's kernel, else one
 * @param stackedRows whether maps are stacked along the rows as they lie there, and entries at the
 *     same place of all positions lie side by side, as where outputs come first; otherwise maps are
 *     stacked along columns, and positions lie one after another
 * @param rows the rows of each map as it lies there
 * @param columns the columns of each
 * @param outputRows whether rows are outputs and columns inputs
 */
record TensorLayout(
    int maps, int positions, boolean stackedRows, long rows, long columns, boolean outputRows) {

  /**
   * Finds it out.
   *
   * @param shape the parameter, output axis first
   * @param inputFirst whether the file has the output axis last
   */
  static TensorLayout of(ParameterShape shape, boolean inputFirst) {
    List<Long> dimensions = shape.dimensions();
    int maps = shape.maps();
    return switch (shape.role()) {
      case MATRIX, CONVOLUTION, TRANSPOSED_CONVOLUTION -> {
        long first = dimensions.get(0) / maps;
        long second = dimensions.get(1);
        yield new TensorLayout(
            maps,
            Math.toIntExact(shape.kernelArea()),
            !inputFirst,
            inputFirst ? second : first,
            inputFirst ? first : second,
            inputFirst == (shape.role() == Role.TRANSPOSED_CONVOLUTION));
      }
      case EMBEDDING, TIED_EMBEDDING ->
          new TensorLayout(1, 1, true, dimensions.get(0), dimensions.get(1), false);
      case BIAS, GAIN -> new TensorLayout(maps, 1, false, 1, shape.fans().fanOut(), false);
      case SCALAR -> new TensorLayout(1, 1, false, 1, 1, false);
    };
  }

  /**
   * The layout of some of the outputs alone, of one matrix or a vector.
   *
   * @param outputs how many of them
   */
  TensorLayout withOutputs(long outputs) {
    return outputRows
        ? new TensorLayout(1, 1, stackedRows, outputs, columns, true)
        : new TensorLayout(1, 1, stackedRows, rows, outputs, false);
  }

  /** The values of the outputs of one map of one matrix or of a vector, row by row. */
  TensorValues outputs(TensorValues all, FusedMaps.Part part) {
    if (part.runs() == 1 && outputRows) {
      return all.from(part.from() * columns);
    }
    if (part.runs() == 1 && rows == 1) {
      return all.from(part.from());
    }
    // Runs lie at one distance throughout, across rows of outputs too, which end with a step.
    long unit = outputRows ? columns : 1;
    return all.columns(unit * part.step(), unit * part.from(), unit * part.run());
  }

  /** How many matrices there are: one of each map at each position. */
  int slices() {
    return Math.multiplyExact(maps, positions);
  }

  /** The number of entries of a slice. */
  long sliceElements() {
    return rows * columns;
  }

  /** The number of entries of all slices. */
  long elements() {
    return slices() * sliceElements();
  }

  /**
   * Where an entry lies.
   *
   * @param map its map
   * @param position the kernel position
   * @param row its row, as the matrix lies there
   * @param column its column
   */
  long index(int map, int position, long row, long column) {
    return stackedRows
        ? ((map * rows + row) * columns + column) * positions + position
        : ((position * rows + row) * maps + map) * columns + column;
  }

  /** Which slice the entry at an index belongs to. */
  int sliceAt(long index) {
    if (maps == 1) {
      return (int) (stackedRows ? index % positions : index / sliceElements());
    }
    int map = (int) (stackedRows ? index / (sliceElements() * positions) : index / columns % maps);
    int position = (int) (stackedRows ? index % positions : index / (sliceElements() * maps));
    return map * positions + position;
  }

  /** The values of one slice, row by row. */
  TensorValues slice(TensorValues all, int index) {
    if (slices() == 1) {
      return all;
    }
    TensorValues rest = all.from(index(index / positions, index % positions, 0, 0));
    if (stackedRows) {
      return positions == 1 ? rest : rest.every(positions, 0);
    }
    return maps == 1 ? rest : rest.columns(maps * columns, 0, columns);
  }
}
