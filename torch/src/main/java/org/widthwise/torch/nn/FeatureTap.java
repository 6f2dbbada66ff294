package org.widthwise.torch.nn;

import org.bytedeco.pytorch.Tensor;

/**
 * Sees the features of a network as they are computed: what goes into each linear map, convolution
 * and embedding, and what comes out. Native modules have no hooks, so a {@link Network} calls this
 * itself in its forward pass.
 *
 * <p>The tensors are the network's own, not copies: they belong to the scope that is open during
 * the forward pass, and autograd follows them. Look at them there, under a {@link
 * org.bytedeco.pytorch.NoGradGuard} where something is computed from them; change nothing; retain
 * what is to be kept.
 */
@FunctionalInterface
public interface FeatureTap {

  /**
   * Sees one layer.
   *
   * @param parameterName the name of the layer's weight in {@code named_parameters()}, such as
   *     {@code layers.0.weight}; a weight that is used twice, as a tied embedding is, is seen twice
   * @param input what the layer reads: {@code [B, …, fanIn]} for a linear map, {@code [B, fanIn,
   *     height, width]} for a convolution, tokens {@code [B, …]} of int64 for an embedding
   * @param output what it makes, its bias added: {@code [B, …, fanOut]}, or {@code [B, fanOut,
   *     height, width]}
   */
  void observe(String parameterName, Tensor input, Tensor output);

  /**
   * A tap that does nothing.
   *
   * @return the tap
   */
  static FeatureTap none() {
    return (parameterName, input, output) -> {};
  }
}
