package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Role;

/**
 * A parameter whose role is known, and perhaps its layer.
 *
 * @param maps how many maps are stacked in it, as far as the model itself tells
 * @param mapsTold whether somebody said so
 */
record Candidate(
    DeclaredParameter declared,
    Role role,
    Optional<Layer> layer,
    AxisOrder order,
    int maps,
    boolean mapsTold,
    String reason) {

  /** Its dimensions, output axis first. */
  List<Long> axes() {
    return axes(declared.shape());
  }

  /** Those of its counterpart in another model. */
  List<Long> axes(List<Long> shape) {
    List<Long> axes = axes(role, shape, order);
    if (role != Role.TRANSPOSED_CONVOLUTION) {
      return axes;
    }
    List<Long> outputFirst = new ArrayList<>(axes);
    Collections.swap(outputFirst, 0, 1);
    return outputFirst;
  }

  boolean isMatrixLike() {
    return role.isMatrixLike() && declared.shape().size() >= 2;
  }

  /** Whether it is a convolution whose groups read parts of the features. */
  boolean isGrouped() {
    return role.isConvolution() && maps > 1;
  }

  /** The axes in PyTorch's order. */
  static List<Long> axes(Role role, List<Long> declared, AxisOrder order) {
    int rank = declared.size();
    if (role.isTable() && rank != 2) {
      // A table with axes of length 1 before it, or a single row such as a class token.
      long rowLength = rank == 0 ? 1 : declared.get(rank - 1);
      long elements = declared.stream().reduce(1L, Math::multiplyExact);
      return List.of(elements / rowLength, rowLength);
    }
    return role.isMatrixLike() ? order.outputFirst(declared) : declared;
  }
}
