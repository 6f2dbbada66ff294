package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Mlp;

/**
 * The weights of an MLP as plain tensors, first layer first; also what has their form, such as
 * gradients and updates.
 *
 * @param weights W_1, …, W_L, each {@code [n_l, n_{l-1}]}, all float32 or all float64
 * @param biases b_1, …, b_L, each {@code [n_l]}; empty for a network without biases
 */
public record MlpWeights(List<Tensor> weights, List<Tensor> biases) {
  /**
   * Checks that the layers fit together.
   *
   * @param weights W_1, …, W_L
   * @param biases b_1, …, b_L, or none
   * @throws IllegalArgumentException if shapes or types do not fit
   */
  public MlpWeights {
    weights = List.copyOf(weights);
    biases = List.copyOf(biases);
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("an MLP needs at least one weight matrix, but got none");
    }
    if (!biases.isEmpty() && biases.size() != weights.size()) {
      throw new IllegalArgumentException(
          "an MLP has no biases or one per layer, but got "
              + biases.size()
              + " for "
              + weights.size()
              + " layers");
    }
    ScalarType type = Tensors.type(weights.get(0));
    for (int layer = 0; layer < weights.size(); layer++) {
      Tensor weight = weights.get(layer);
      require(weight, type, "weight", layer);
      if (weight.dim() != 2
          || weight.numel() == 0
          || (layer > 0 && weight.size(1) != weights.get(layer - 1).size(0))) {
        throw new IllegalArgumentException(
            "the weight of layer "
                + layer
                + " must be a matrix [fanOut, fanIn] whose fan-in is the fan-out of the layer"
                + " before, but has shape "
                + Arrays.toString(Tensors.shape(weight)));
      }
      if (!biases.isEmpty()) {
        Tensor bias = biases.get(layer);
        require(bias, type, "bias", layer);
        if (bias.dim() != 1 || bias.size(0) != weight.size(0)) {
          throw new IllegalArgumentException(
              "the bias of layer "
                  + layer
                  + " must have shape ["
                  + weight.size(0)
                  + "], but has "
                  + Arrays.toString(Tensors.shape(bias)));
        }
      }
    }
  }

  /**
   * The weights of a network: views of its parameters, which autograd does not follow.
   *
   * @param mlp the network
   * @return its weights
   */
  public static MlpWeights of(Mlp mlp) {
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (int layer = 0; layer < mlp.shape().depth(); layer++) {
      weights.add(mlp.weight(layer).detach());
      if (mlp.shape().bias()) {
        biases.add(mlp.bias(layer).detach());
      }
    }
    return new MlpWeights(weights, biases);
  }

  /**
   * Copies of all tensors, contiguous and outside autograd.
   *
   * @return the copies
   */
  public MlpWeights copy() {
    return new MlpWeights(copies(weights), copies(biases));
  }

  /**
   * The same weights on a device.
   *
   * @param device the device
   * @return the weights, copied unless they are there, of the scope that is open at the call
   */
  public MlpWeights on(ComputeDevice device) {
    return new MlpWeights(
        weights.stream().map(device::here).toList(), biases.stream().map(device::here).toList());
  }

  /**
   * Writes these weights into a network of the same shape.
   *
   * @param mlp the network
   * @throws IllegalArgumentException if its shape is another one
   */
  public void copyInto(Mlp mlp) {
    MlpWeights target = of(mlp);
    if (target.depth() != depth() || target.hasBias() != hasBias()) {
      throw new IllegalArgumentException(
          "weights of depth "
              + depth()
              + (hasBias() ? " with" : " without")
              + " biases do not fit "
              + mlp.shape());
    }
    for (int layer = 0; layer < depth(); layer++) {
      if (!Arrays.equals(
          Tensors.shape(target.weights.get(layer)), Tensors.shape(weights.get(layer)))) {
        throw new IllegalArgumentException(
            "the weight of layer "
                + layer
                + " has shape "
                + Arrays.toString(Tensors.shape(weights.get(layer)))
                + " and does not fit "
                + mlp.shape());
      }
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      for (int layer = 0; layer < depth(); layer++) {
        target.weights.get(layer).copy_(weights.get(layer));
        if (hasBias()) {
          target.biases.get(layer).copy_(biases.get(layer));
        }
      }
    }
  }

  /**
   * L, the number of weight matrices.
   *
   * @return the depth
   */
  public int depth() {
    return weights.size();
  }

  /**
   * Whether the layers have biases.
   *
   * @return true if so
   */
  public boolean hasBias() {
    return !biases.isEmpty();
  }

  /** Adds tensors of the same shapes, in place. */
  void add(MlpWeights update) {
    try (NoGradGuard guard = new NoGradGuard()) {
      for (int layer = 0; layer < depth(); layer++) {
        weights.get(layer).add_(update.weights.get(layer));
        if (hasBias()) {
          biases.get(layer).add_(update.biases.get(layer));
        }
      }
    }
  }

  /** Frees the tensors now rather than with the scope they belong to. */
  void free() {
    weights.forEach(Tensor::close);
    biases.forEach(Tensor::close);
  }

  private static List<Tensor> copies(List<Tensor> tensors) {
    List<Tensor> copies = new ArrayList<>();
    for (Tensor tensor : tensors) {
      copies.add(tensor.detach().contiguous().clone());
    }
    return copies;
  }

  private static void require(Tensor tensor, ScalarType type, String kind, int layer) {
    if (!Tensors.isFloatOrDouble(tensor) || Tensors.type(tensor) != type) {
      throw new IllegalArgumentException(
          "all weights and biases must be float32, or all float64, but the "
              + kind
              + " of layer "
              + layer
              + " is "
              + Tensors.type(tensor));
    }
  }
}
