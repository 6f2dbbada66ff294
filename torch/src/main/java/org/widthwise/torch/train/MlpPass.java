package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;

/**
 * All that the forward and backward pass of an MLP compute on a batch, in closed form instead of by
 * autograd. The tensors belong to the scope that was open when it was computed.
 *
 * <p>The loss is a mean over the batch, {@code ℒ = (1/B)·Σ_i ℓ(x_i)}, and {@code G_l} its gradient
 * by the preactivations, <em>with</em> the 1/B: row i of G_l is {@code (1/B)·∂ℓ(x_i)/∂h_l(x_i)}. So
 * the gradient by the weights is the sum over rows, without another factor, {@code ∇_{W_l} ℒ = Σ_i
 * G_l[i] ⊗ φ(h_{l−1})[i]}, whose summands are those of Assumption 3; and B times row i is the
 * gradient of the example's own loss.
 *
 * @param forward the forward pass
 * @param loss ℒ, summed in float64
 * @param preactivationGradients G_1, …, G_L, each {@code [B, n_l]}
 * @param gradients {@code ∇_{W_l} ℒ}, each {@code [n_l, n_{l-1}]}, and {@code ∇_{b_l} ℒ}, each
 *     {@code [n_l]}, in the form of the weights
 */
public record MlpPass(
    MlpForward forward, double loss, List<Tensor> preactivationGradients, MlpWeights gradients) {

  /**
   * Copies the list.
   *
   * @param forward the forward pass
   * @param loss ℒ
   * @param preactivationGradients G_1, …, G_L
   * @param gradients the gradients by weights and biases
   */
  public MlpPass {
    preactivationGradients = List.copyOf(preactivationGradients);
  }

  /**
   * Computes both passes.
   *
   * @param weights the network's weights
   * @param activation φ, between layers
   * @param loss the loss
   * @param batch the examples
   * @return the passes; where the loss is not finite, neither need the gradients be
   * @throws IllegalArgumentException if the batch does not fit the weights or the loss
   */
  public static MlpPass of(MlpWeights weights, Activation activation, Loss loss, Batch batch) {
    MlpForward forward = MlpForward.of(weights, activation, batch.inputs());
    double value = loss.value(forward.output(), batch.targets());
    return backward(weights, activation, loss, batch, forward, value);
  }

  /**
   * Computes the backward pass to a forward pass there is.
   *
   * @param value the loss of the forward pass
   */
  static MlpPass backward(
      MlpWeights weights,
      Activation activation,
      Loss loss,
      Batch batch,
      MlpForward forward,
      double value) {
    try (NoGradGuard guard = new NoGradGuard()) {
      List<Tensor> deltas = deltas(weights, activation, loss, batch, forward);
      List<Tensor> weightGradients = new ArrayList<>();
      List<Tensor> biasGradients = new ArrayList<>();
      for (int layer = 0; layer < weights.depth(); layer++) {
        Tensor delta = deltas.get(layer);
        weightGradients.add(
            layer == 0
                ? firstGradient(weights.weights().get(0), delta, batch.inputs())
                : delta.t().mm(forward.activations().get(layer - 1)));
        if (weights.hasBias()) {
          biasGradients.add(delta.sum(0));
        }
      }
      return new MlpPass(forward, value, deltas, new MlpWeights(weightGradients, biasGradients));
    }
  }

  private static List<Tensor> deltas(
      MlpWeights weights, Activation activation, Loss loss, Batch batch, MlpForward forward) {
    List<Tensor> fromTheTop = new ArrayList<>();
    Tensor delta = loss.gradient(forward.output(), batch.targets());
    fromTheTop.add(delta);
    Scalar zero = new Scalar(0.0);
    for (int layer = weights.depth() - 2; layer >= 0; layer--) {
      delta = delta.mm(weights.weights().get(layer + 1));
      activation.multiplyByDerivative(
          delta, forward.preactivations().get(layer), forward.activations().get(layer), zero);
      fromTheTop.add(delta);
    }
    Collections.reverse(fromTheTop);
    return fromTheTop;
  }

  private static Tensor firstGradient(Tensor weight, Tensor delta, Tensor inputs) {
    if (!Batch.areTokens(inputs)) {
      return delta.t().mm(inputs);
    }
    // By rows of the transpose, which lie together in memory.
    return Tensors.zerosBeside(weight, weight.size(1), weight.size(0))
        .index_add_(0, inputs, delta)
        .t()
        .contiguous();
  }
}
