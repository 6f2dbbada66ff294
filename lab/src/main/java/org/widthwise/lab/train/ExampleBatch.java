package org.widthwise.lab.train;

import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.ComputeDevice;

/**
 * Examples of a step.
 *
 * @param inputs what the network takes, {@code [B, …]}
 * @param classes what it is to say, {@code [B]} or, for a text, {@code [B, T]}, of int64
 */
public record ExampleBatch(Tensor inputs, Tensor classes) {

  /**
   * The same examples on a device.
   *
   * @param device the device
   * @return the batch, copied unless it is there
   */
  public ExampleBatch on(ComputeDevice device) {
    return new ExampleBatch(device.here(inputs), device.here(classes));
  }
}
