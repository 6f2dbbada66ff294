package org.widthwise.torch.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An affine map that holds its weight. The gradient is never formed: the update {@code W ← W −
 * η·Δᵀ·H} is one matrix product that accumulates into W.
 */
final class DenseLayer implements Layer {
  private final Scalar zero = new Scalar(0.0);
  private final Scalar one = new Scalar(1.0);
  private final Tensor weight;
  private final Tensor weightTransposed;
  private final Tensor input;
  private final Scalar minusWeightRate;
  private final @Nullable BiasTerm bias;

  /**
   * A layer on fixed buffers.
   *
   * @param weight {@code [fanOut, fanIn]}, trained in place
   * @param bias {@code [fanOut]}, trained in place, or null
   * @param input the buffer that holds the layer's inputs, {@code [B, fanIn]}
   * @param weightRate the learning rate of the weight
   * @param biasRate the learning rate of the bias
   */
  DenseLayer(
      Tensor weight, @Nullable Tensor bias, Tensor input, double weightRate, double biasRate) {
    this.weight = weight;
    this.weightTransposed = weight.t();
    this.input = input;
    this.minusWeightRate = new Scalar(-weightRate);
    this.bias = bias == null ? null : new BiasTerm(bias, input, biasRate);
  }

  @Override
  public void forward(Tensor preactivation) {
    if (bias == null) {
      preactivation.addmm_(input, weightTransposed, zero, one);
    } else {
      preactivation.copy_(bias.broadcast).addmm_(input, weightTransposed, one, one);
    }
  }

  @Override
  public void backward(Tensor delta, Tensor inputDelta) {
    inputDelta.addmm_(delta, weight, zero, one);
  }

  @Override
  public void update(Tensor delta) {
    weight.addmm_(delta.t(), input, one, minusWeightRate);
    if (bias != null) {
      bias.row.addmm_(bias.ones, delta, one, bias.minusRate);
    }
  }

  @Override
  public void writeBack() {
    // Weight and bias are trained in place.
  }

  /** The bias and, as a product with a row of ones, its gradient: a sum over the batch. */
  private static final class BiasTerm {
    private final Tensor row;
    private final Tensor broadcast;
    private final Tensor ones;
    private final Scalar minusRate;

    BiasTerm(Tensor bias, Tensor input, double rate) {
      long batch = input.size(0);
      this.row = bias.view(1, bias.size(0));
      this.broadcast = row.expand(batch, bias.size(0));
      this.ones = torch.ones_like(ClosedFormMlp.blank(input, 1, batch));
      this.minusRate = new Scalar(-rate);
    }
  }
}
