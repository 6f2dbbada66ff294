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
 * The forward and backward pass of an MLP on one batch, with every buffer made beforehand; or of M
 * networks of one shape, all tensors of which have one more dimension, the first.
 *
 * <p>With residual {@code R = H_L − Y} the gradient of the mean squared error by the outputs is
 * {@code 2/(B·n_L)·R}. That factor is left out of the backward pass and put into the learning rates
 * instead, which saves a product per step.
 */
final class ClosedFormMlp {
  private final Activation activation;
  private final Tensor targets;
  private final Scalar zero = new Scalar(0.0);
  private final List<Layer> layers = new ArrayList<>();
  private final List<Tensor> preactivations = new ArrayList<>();

  /** φ(h) of every layer but the last; the same tensor as h where φ is applied in place. */
  private final List<Tensor> features = new ArrayList<>();

  /** The gradient by h of every layer, up to the factor; the last is the residual. */
  private final List<Tensor> deltas = new ArrayList<>();

  /** Makes a layer on buffers for its inputs and for the gradient by its preactivations. */
  @FunctionalInterface
  private interface LayerMaker {
    Layer make(int index, Tensor input, Tensor delta);
  }

  private ClosedFormMlp(
      Activation activation,
      Tensor inputs,
      Tensor targets,
      List<Tensor> weights,
      LayerMaker maker) {
    this.activation = activation;
    this.targets = targets;
    for (int index = 0; index < weights.size(); index++) {
      boolean last = index == weights.size() - 1;
      Tensor preactivation = blank(inputs, weights.get(index).size(-2));
      preactivations.add(preactivation);
      deltas.add(last ? preactivation : torch.zeros_like(preactivation));
      if (!last) {
        features.add(
            activation.derivativeNeedsPreactivation()
                ? torch.zeros_like(preactivation)
                : preactivation);
      }
      layers.add(
          maker.make(index, index == 0 ? inputs : features.get(index - 1), deltas.get(index)));
    }
  }

  /**
   * Makes the buffers.
   *
   * @param weights trained in place, but for the first ones, until they are written back
   * @param activation φ
   * @param batch the data
   * @param rates the learning rates
   */
  static ClosedFormMlp of(
      MlpWeights weights, Activation activation, FullBatch batch, LayerRates rates) {
    double factor = 2.0 / batch.targets().numel();
    return new ClosedFormMlp(
        activation,
        batch.inputs().contiguous(),
        batch.targets().contiguous(),
        weights.weights(),
        (index, input, delta) -> {
          Tensor weight = weights.weights().get(index);
          Tensor bias = weights.hasBias() ? weights.biases().get(index) : null;
          double weightRate = factor * rates.weights().get(index);
          double biasRate = weights.hasBias() ? factor * rates.biases().get(index) : 0;
          return isSpanned(index, input)
              ? new SpannedLayer(weight, bias, input, delta, weightRate, biasRate)
              : new DenseLayer(weight, bias, input, delta, weightRate, biasRate);
        });
  }

  /**
   * Makes the buffers of several networks.
   *
   * @param weights trained in place, but for the first ones, until they are written back
   * @param activation φ
   * @param tasks the networks
   */
  static ClosedFormMlp of(StackedMlps weights, Activation activation, List<MlpTask> tasks) {
    Tensor targets = StackedMlps.stack(tasks, task -> task.batch().targets());
    double factor = 2.0 / tasks.get(0).batch().targets().numel();
    return new ClosedFormMlp(
        activation,
        StackedMlps.stack(tasks, task -> task.batch().inputs()),
        targets,
        weights.weights(),
        (index, input, delta) -> {
          Tensor weight = weights.weights().get(index);
          BatchedDenseLayer.Bias bias =
              weights.biases().isEmpty()
                  ? null
                  : new BatchedDenseLayer.Bias(
                      weights.biases().get(index),
                      weights.numbers(tasks, task -> factor * task.rates().biases().get(index)));
          Tensor weightRates =
              weights.numbers(tasks, task -> factor * task.rates().weights().get(index));
          return isSpanned(index, input)
              ? new BatchedSpannedLayer(weight, bias, input, delta, weightRates)
              : new BatchedDenseLayer(weight, bias, input, delta, weightRates);
        });
  }

  private static boolean isSpanned(int index, Tensor inputs) {
    return index == 0 && inputs.size(-2) < inputs.size(-1);
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

  /**
   * The losses of several networks at the last {@link #forward()}, summed in float64.
   *
   * @return the mean squared error of each
   */
  double[] losses() {
    try (PointerScope scope = new PointerScope()) {
      Tensor residual = deltas.get(deltas.size() - 1).to(ScalarType.Double);
      Tensor means = residual.square().mean(1, 2).cpu();
      double[] losses = new double[Math.toIntExact(means.numel())];
      means.data_ptr_double().get(losses);
      return losses;
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

  /** Brings the weights given at construction up to date. */
  void writeBack() {
    try (PointerScope scope = new PointerScope()) {
      layers.forEach(Layer::writeBack);
    }
  }

  /** A buffer for features of inputs like some, {@code [B, width]} or {@code [M, B, width]}. */
  private static Tensor blank(Tensor inputs, long width) {
    long[] shape = Tensors.shape(inputs);
    shape[shape.length - 1] = width;
    return Tensors.zerosBeside(inputs, shape);
  }
}
