package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;

/**
 * The forward and backward pass of an MLP on one batch, with every buffer made beforehand.
 *
 * <p>With residual {@code R = H_L − Y} the gradient of the mean squared error by the outputs is
 * {@code 2/(B·n_L)·R}. That factor is left out of the backward pass and put into the learning rates
 * instead, which saves a product per step.
 */
final class ClosedFormMlp {
  private final MlpWeights weights;
  private final Activation activation;
  private final Tensor targets;
  private final Scalar zero = new Scalar(0.0);
  private final List<Layer> layers = new ArrayList<>();
  private final List<Tensor> preactivations = new ArrayList<>();

  /** φ(h) of every layer but the last; the same tensor as h where φ is applied in place. */
  private final List<Tensor> features = new ArrayList<>();

  /** The gradient by h of every layer, up to the factor; the last is the residual. */
  private final List<Tensor> deltas = new ArrayList<>();

  /**
   * Makes the buffers.
   *
   * @param weights trained in place
   * @param activation φ
   * @param batch the data
   * @param rates the learning rates
   */
  ClosedFormMlp(MlpWeights weights, Activation activation, FullBatch batch, LayerRates rates) {
    this.weights = weights;
    this.activation = activation;
    this.targets = batch.targets().contiguous();
    Tensor inputs = batch.inputs().contiguous();
    double factor = 2.0 / batch.targets().numel();
    for (int index = 0; index < weights.depth(); index++) {
      Tensor weight = weights.weights().get(index);
      boolean last = index == weights.depth() - 1;
      Tensor preactivation = blank(inputs, inputs.size(0), weight.size(0));
      preactivations.add(preactivation);
      deltas.add(last ? preactivation : torch.zeros_like(preactivation));
      if (!last) {
        features.add(
            activation.derivativeNeedsPreactivation()
                ? torch.zeros_like(preactivation)
                : preactivation);
      }
      Tensor bias = weights.hasBias() ? weights.biases().get(index) : null;
      double weightRate = factor * rates.weights().get(index);
      double biasRate = weights.hasBias() ? factor * rates.biases().get(index) : 0;
      boolean spanned = index == 0 && inputs.size(0) < inputs.size(1);
      layers.add(
          spanned
              ? new SpannedLayer(weight, bias, inputs, deltas.get(index), weightRate, biasRate)
              : new DenseLayer(
                  weight,
                  bias,
                  index == 0 ? inputs : features.get(index - 1),
                  deltas.get(index),
                  weightRate,
                  biasRate));
    }
  }

  /** Computes the features and the residual. */
  void forward() {
    try (PointerScope scope = new PointerScope()) {
      for (int index = 0; index < layers.size(); index++) {
        Tensor preactivation = preactivations.get(index);
        layers.get(index).forward(preactivation);
        if (index < features.size()) {
          activation.applyInto(features.get(index), preactivation);
        } else {
          preactivation.sub_(targets);
        }
      }
    }
  }

  /**
   * The loss of the last {@link #forward()}, summed in float64.
   *
   * @return the mean squared error
   */
  double loss() {
    try (PointerScope scope = new PointerScope()) {
      Tensor residual = deltas.get(deltas.size() - 1).to(ScalarType.Double);
      return residual.square().mean().item_double();
    }
  }

  /** Goes back from the residual of the last {@link #forward()} and takes one step. */
  void descend() {
    try (PointerScope scope = new PointerScope()) {
      for (int index = layers.size() - 1; index >= 0; index--) {
        if (index > 0) {
          Tensor below = deltas.get(index - 1);
          layers.get(index).backward(below);
          activation.multiplyByDerivative(
              below, preactivations.get(index - 1), features.get(index - 1), zero);
        }
        layers.get(index).update();
      }
    }
  }

  /**
   * The weights now.
   *
   * @return the tensors given at construction, brought up to date
   */
  MlpWeights weights() {
    try (PointerScope scope = new PointerScope()) {
      layers.forEach(Layer::writeBack);
    }
    return weights;
  }

  static Tensor blank(Tensor like, long rows, long columns) {
    return Tensors.zerosBeside(like, rows, columns);
  }
}
