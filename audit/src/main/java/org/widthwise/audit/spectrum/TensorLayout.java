package org.widthwise.audit.spectrum;

import java.util.List;
import org.widthwise.audit.model.FusedMaps;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * How the matrices of a tensor lie in it. Whether a matrix lies there with its inputs or its
 * outputs first makes no difference to its singular values.
 *
 * @param slices how many matrices there are: the positions of a convolution's kernel, else one
 * @param interleaved whether entries at the same place of all slices lie side by side
 * @param rows the rows of each as it lies there
 * @param columns the columns of each
 * @param outputRows whether rows are outputs and columns inputs
 */
record TensorLayout(int slices, boolean interleaved, long rows, long columns, boolean outputRows) {

  /**
   * Finds it out.
   *
   * @param shape the parameter, output axis first
   * @param inputFirst whether the file has the output axis last
   */
  static TensorLayout of(ParameterShape shape, boolean inputFirst) {
    List<Long> dimensions = shape.dimensions();
    return switch (shape.role()) {
      case MATRIX, CONVOLUTION, TRANSPOSED_CONVOLUTION ->
          new TensorLayout(
              Math.toIntExact(shape.kernelArea()),
              !inputFirst,
              dimensions.get(inputFirst ? 1 : 0),
              dimensions.get(inputFirst ? 0 : 1),
              inputFirst == (shape.role() == Role.TRANSPOSED_CONVOLUTION));
      case EMBEDDING, TIED_EMBEDDING ->
          new TensorLayout(1, false, dimensions.get(0), dimensions.get(1), false);
      case BIAS, GAIN, SCALAR -> new TensorLayout(1, false, 1, shape.fans().fanOut(), false);
    };
  }

  /**
   * The layout of some of the outputs alone, of one matrix or a vector.
   *
   * @param outputs how many of them
   */
  TensorLayout withOutputs(long outputs) {
    return outputRows
        ? new TensorLayout(1, interleaved, outputs, columns, true)
        : new TensorLayout(1, interleaved, rows, outputs, false);
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

  /** The number of entries of a slice. */
  long sliceElements() {
    return rows * columns;
  }

  /** The number of entries of all slices. */
  long elements() {
    return slices * sliceElements();
  }

  /** The values of one slice, row by row. */
  TensorValues slice(TensorValues all, int index) {
    if (slices == 1) {
      return all;
    }
    return interleaved ? all.every(slices, index) : all.from(index * sliceElements());
  }
}
