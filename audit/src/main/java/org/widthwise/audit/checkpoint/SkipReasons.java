package org.widthwise.audit.checkpoint;

import java.util.List;
import org.widthwise.audit.model.SkippedTensor;

/** Why a tensor is left out, in the same words for all formats. */
final class SkipReasons {

  private SkipReasons() {}

  static SkippedTensor empty(String name, List<Long> shape) {
    return new SkippedTensor(name, "shape " + shape + ", which has no elements");
  }

  static SkippedTensor noFloats(String name, String dtype) {
    return new SkippedTensor(name, "elements of " + dtype + ", parameters are real floats");
  }

  static SkippedTensor scaled(String name, String dtype) {
    return new SkippedTensor(
        name,
        "elements of "
            + dtype
            + ", which mean nothing without the scales of their blocks; save the model"
            + " dequantized");
  }
}
