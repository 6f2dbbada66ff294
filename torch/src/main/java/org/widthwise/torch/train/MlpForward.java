package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;

/**
 * All that the forward pass of an MLP computes on a batch of B inputs, {@code h_1 = W_1·x + b_1},
 * {@code h_l = W_l·φ(h_{l−1}) + b_l} (section 3.2), an example a row. The tensors belong to the
 * scope that was open when it was computed and are outside autograd.
 *
 * @param preactivations h_1, …, h_L, each {@code [B, n_l]}; the last is the network's output
 * @param activations φ(h_1), …, φ(h_{L−1}), each {@code [B, n_l]}; one fewer, for nothing follows
 *     the last layer
 */
public record MlpForward(List<Tensor> preactivations, List<Tensor> activations) {

  /**
   * Copies the lists.
   *
   * @param preactivations h_1, …, h_L
   * @param activations φ(h_1), …, φ(h_{L−1})
   */
  public MlpForward {
    preactivations = List.copyOf(preactivations);
    activations = List.copyOf(activations);
  }

  /**
   * Computes the pass.
   *
   * @param weights the network's weights
   * @param activation φ, between layers
   * @param inputs {@code [B, n_0]} of the weights' type; or tokens {@code [B]} of int64, for which
   *     the first layer picks columns of W_1 instead of multiplying by one-hot vectors
   * @return the pass
   * @throws IllegalArgumentException if the inputs do not fit the weights
   */
  public static MlpForward of(MlpWeights weights, Activation activation, Tensor inputs) {
    Batch.requireInputs(inputs);
    try (NoGradGuard guard = new NoGradGuard()) {
      List<Tensor> preactivations = new ArrayList<>();
      List<Tensor> activations = new ArrayList<>();
      for (int layer = 0; layer < weights.depth(); layer++) {
        Tensor weight = weights.weights().get(layer);
        Tensor preactivation =
            layer == 0 ? firstProduct(weight, inputs) : activations.get(layer - 1).mm(weight.t());
        if (weights.hasBias()) {
          preactivation.add_(weights.biases().get(layer));
        }
        preactivations.add(preactivation);
        if (layer + 1 < weights.depth()) {
          activations.add(activation.apply(preactivation));
        }
      }
      return new MlpForward(preactivations, activations);
    }
  }

  private static Tensor firstProduct(Tensor weight, Tensor inputs) {
    if (Batch.areTokens(inputs)) {
      Batch.requireIndices("token", inputs, weight.size(1));
      return weight.t().index_select(0, inputs);
    }
    if (inputs.size(1) != weight.size(1) || Tensors.type(inputs) != Tensors.type(weight)) {
      throw new IllegalArgumentException(
          "a network from %d features of %s takes no inputs of shape %s and type %s"
              .formatted(
                  weight.size(1),
                  Tensors.type(weight),
                  Arrays.toString(Tensors.shape(inputs)),
                  Tensors.type(inputs)));
    }
    return inputs.mm(weight.t());
  }

  /**
   * The network's output, h_L.
   *
   * @return {@code [B, n_L]}
   */
  public Tensor output() {
    return preactivations.get(preactivations.size() - 1);
  }
}
