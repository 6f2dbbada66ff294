package org.widthwise.torch.train;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Tensors;

/**
 * The whole of a training set, seen at every step.
 *
 * @param inputs {@code [B, n_0]}, float32 or float64
 * @param targets {@code [B, n_L]}, of the same type
 */
public record FullBatch(Tensor inputs, Tensor targets) {
  /**
   * Checks shapes and types.
   *
   * @param inputs {@code [B, n_0]}, float32 or float64
   * @param targets {@code [B, n_L]}, of the same type
   * @throws IllegalArgumentException if the shapes or types do not fit, or there are no examples
   */
  public FullBatch {
    if (inputs.dim() != 2 || targets.dim() != 2 || inputs.size(0) != targets.size(0)) {
      throw new IllegalArgumentException(
          "a batch needs inputs [B, n_0] and targets [B, n_L], but got "
              + Arrays.toString(Tensors.shape(inputs))
              + " and "
              + Arrays.toString(Tensors.shape(targets)));
    }
    if (inputs.numel() == 0 || targets.numel() == 0) {
      throw new IllegalArgumentException("a batch needs at least one example, input and output");
    }
    if (!Tensors.isFloatOrDouble(inputs) || Tensors.type(inputs) != Tensors.type(targets)) {
      throw new IllegalArgumentException(
          "inputs and targets must both be float32 or both float64, but are "
              + Tensors.type(inputs)
              + " and "
              + Tensors.type(targets));
    }
  }

  /**
   * The same examples on a device.
   *
   * @param device the device
   * @return the batch, copied unless it is there, of the scope that is open at the call
   */
  public FullBatch on(ComputeDevice device) {
    return new FullBatch(device.here(inputs), device.here(targets));
  }
}
