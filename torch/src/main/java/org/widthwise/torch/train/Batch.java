package org.widthwise.torch.train;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Tensors;

/**
 * Examples to compute a loss on: dense inputs, or tokens that stand for one-hot inputs (appendix
 * E).
 *
 * @param inputs {@code [B, n_0]} of float32 or float64; or {@code [B]} of int64, each from 0 to n_0
 *     − 1
 * @param targets what the {@link Loss} takes, B long in its first dimension
 */
public record Batch(Tensor inputs, Tensor targets) {

  /**
   * Checks shapes and types.
   *
   * @param inputs {@code [B, n_0]}, or {@code [B]} of int64
   * @param targets what the loss takes
   * @throws IllegalArgumentException if the inputs are neither dense nor tokens, there are none, or
   *     the targets are not as many
   */
  public Batch {
    requireInputs(inputs);
    if (targets.dim() < 1 || targets.size(0) != inputs.size(0)) {
      throw new IllegalArgumentException(
          "a batch of %d inputs needs a target for each, but got targets of shape %s"
              .formatted(inputs.size(0), Arrays.toString(Tensors.shape(targets))));
    }
  }

  /**
   * A training set as a batch.
   *
   * @param all the training set
   * @return the whole of it
   */
  public static Batch of(FullBatch all) {
    return new Batch(all.inputs(), all.targets());
  }

  /**
   * Some of the examples: a minibatch.
   *
   * @param examples which, {@code [b]} of int64 on any device, each from 0 to B − 1
   * @return copies of them, in that order, that belong to the scope that is open at the call
   * @throws IllegalArgumentException if there are none, or one is out of range
   */
  public Batch select(Tensor examples) {
    if (examples.dim() != 1 || Tensors.type(examples) != ScalarType.Long) {
      throw new IllegalArgumentException(
          "examples are chosen by a vector of int64, not one of %s of shape %s"
              .formatted(Tensors.type(examples), Arrays.toString(Tensors.shape(examples))));
    }
    requireIndices("example", examples, size());
    Tensor beside = examples.to(inputs.device(), ScalarType.Long);
    return new Batch(inputs.index_select(0, beside), targets.index_select(0, beside));
  }

  /**
   * The same examples on a device.
   *
   * @param device the device
   * @return the batch, copied unless it is there, of the scope that is open at the call
   */
  public Batch on(ComputeDevice device) {
    return new Batch(device.here(inputs), device.here(targets));
  }

  /**
   * B, the number of examples.
   *
   * @return the batch size
   */
  public long size() {
    return inputs.size(0);
  }

  /**
   * Whether inputs are tokens rather than vectors.
   *
   * @param inputs what {@link #inputs()} may be
   * @return true for tokens
   */
  static boolean areTokens(Tensor inputs) {
    return inputs.dim() == 1;
  }

  static void requireInputs(Tensor inputs) {
    boolean fits =
        areTokens(inputs)
            ? Tensors.type(inputs) == ScalarType.Long
            : inputs.dim() == 2 && Tensors.isFloatOrDouble(inputs);
    if (!fits || inputs.numel() == 0) {
      throw new IllegalArgumentException(
          "inputs must be [B, n_0] of float32 or float64, or tokens [B] of int64, and not empty,"
              + " but have shape %s and type %s"
                  .formatted(Arrays.toString(Tensors.shape(inputs)), Tensors.type(inputs)));
    }
  }

  static void requireIndices(String what, Tensor indices, long count) {
    if (indices.numel() == 0) {
      throw new IllegalArgumentException("at least one " + what + " is needed, but got none");
    }
    try (PointerScope scope = new PointerScope()) {
      long lowest = indices.min().item_long();
      long highest = indices.max().item_long();
      if (lowest < 0 || highest >= count) {
        throw new IllegalArgumentException(
            "every %s must be at least 0 and below %d, but one is %d"
                .formatted(what, count, lowest < 0 ? lowest : highest));
      }
    }
  }
}
