package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.core.shape.Role;

/** How a file lists the axes of a matrix or convolution. */
public enum AxisOrder {
  /** {@code [out, in, kernel…]}, as PyTorch's layers have it. */
  OUTPUT_FIRST,

  /** {@code [kernel…, in, out]}, as GPT-2's matrices and kernels of Flax and Keras have it. */
  INPUT_FIRST,

  /** {@code [in, heads, size]}, as Flax and Keras have queries, keys and values. */
  INPUT_THEN_HEADS,

  /** {@code [heads, size, out]}, as they have the output projection of an attention. */
  HEADS_THEN_OUTPUT,

  /** {@code [kernel…, channels, multiplier]}, as Keras has depthwise convolutions. */
  DEPTHWISE;

  /**
   * Whether outputs are along the last axes.
   *
   * @return false for PyTorch's order alone
   */
  public boolean isInputFirst() {
    return this != OUTPUT_FIRST;
  }

  /**
   * The order as one of another kind of parameter: heads are told apart in matrices alone.
   *
   * @param role what the parameter is
   * @return this, or {@link #INPUT_FIRST} where this says what the role does not have
   */
  AxisOrder suiting(Role role) {
    return switch (this) {
      case INPUT_THEN_HEADS, HEADS_THEN_OUTPUT -> role == Role.MATRIX ? this : INPUT_FIRST;
      case DEPTHWISE -> role == Role.CONVOLUTION ? this : INPUT_FIRST;
      case OUTPUT_FIRST, INPUT_FIRST -> this;
    };
  }

  /**
   * The dimensions in PyTorch's order, heads joined. Merged axes lie side by side in the file, so
   * its values are those of the result, read in the same order.
   *
   * @param stored the dimensions as the file has them
   * @return the dimensions, outputs first; as they are if they are fewer than the order has
   */
  List<Long> outputFirst(List<Long> stored) {
    int rank = stored.size();
    if (this == OUTPUT_FIRST || rank < 2) {
      return stored;
    }
    long last = stored.get(rank - 1);
    long before = stored.get(rank - 2);
    if (rank == 3 && this == INPUT_THEN_HEADS) {
      return List.of(Math.multiplyExact(before, last), stored.get(0));
    }
    if (rank == 3 && this == HEADS_THEN_OUTPUT) {
      return List.of(last, Math.multiplyExact(stored.get(0), before));
    }
    List<Long> axes = new ArrayList<>();
    boolean depthwise = rank > 2 && this == DEPTHWISE;
    axes.add(depthwise ? Math.multiplyExact(before, last) : last);
    axes.add(depthwise ? 1 : before);
    axes.addAll(stored.subList(0, rank - 2));
    return axes;
  }
}
