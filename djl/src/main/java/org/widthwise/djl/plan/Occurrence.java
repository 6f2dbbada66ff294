package org.widthwise.djl.plan;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Optional;

/**
 * A parameter met on the walk through a tree of blocks.
 *
 * @param name its path
 * @param parameter DJL's object
 * @param path the blocks from the root to the one that holds it
 * @param kind what its block's type says of it; empty if nothing
 */
record Occurrence(String name, Parameter parameter, List<Block> path, Optional<Kind> kind) {

  /** The shape, once it is known. */
  static Shape shape(String name, Parameter parameter) {
    Shape shape = parameter.getShape();
    if (shape == null && parameter.isInitialized()) {
      return parameter.getArray().getShape();
    }
    if (shape == null) {
      throw new IllegalArgumentException(
          ("the shape of '%s' is not known yet: call block.initialize(manager, DataType.FLOAT32,"
                  + " inputShape) before the parameters are read")
              .formatted(name));
    }
    return shape;
  }

  Block owner() {
    return path.get(path.size() - 1);
  }

  Shape shape() {
    return shape(name, parameter);
  }

  Occurrence with(Kind other) {
    return new Occurrence(name, parameter, path, Optional.of(other));
  }
}
