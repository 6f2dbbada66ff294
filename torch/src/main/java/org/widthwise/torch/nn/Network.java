package org.widthwise.torch.nn;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** A model with one input and one output whose features can be watched. */
public interface Network {

  /**
   * The model as libtorch knows it, with its parameters and buffers by name.
   *
   * @return the module itself
   */
  Module module();

  /**
   * The network's output, its features watched.
   *
   * @param inputs a batch; the shape is the network's to say
   * @param tap sees every linear map, convolution and embedding, in the order in which they are
   *     computed
   * @return the output
   * @throws IllegalArgumentException if the inputs have another shape or type than the network
   *     takes
   */
  Tensor forward(Tensor inputs, FeatureTap tap);

  /**
   * The network's output.
   *
   * @param inputs a batch; the shape is the network's to say
   * @return the output
   * @throws IllegalArgumentException if the inputs have another shape or type than the network
   *     takes
   */
  default Tensor forward(Tensor inputs) {
    return forward(inputs, FeatureTap.none());
  }
}
