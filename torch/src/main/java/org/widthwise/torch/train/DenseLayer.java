package org.widthwise.torch.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.engine.Tensors;

/**
 * An affine map that holds its weight. The gradient is never formed: the update {@code W ← W −
 * η·Δᵀ·H} is one matrix product that accumulates into W. Every view is made once.
 */
final class DenseLayer implements Layer {
  private final Scalar zero = new Scalar(0.0);
  private final Scalar one = new Scalar(1.0);
  private final Tensor weight;
  private final Tensor weightTransposed;
  private final Tensor input;
  private final Tensor delta;
  private final Scalar minusWeightRate;
  private final WeightStep weightStep;
  private final @Nullable BiasTerm bias;

  /**
   * A layer on fixed buffers.
   *
   * @param weight {@code [fanOut, fanIn]}, trained in place
   * @param bias {@code [fanOut]}, trained in place, or null
   * @param input the buffer that holds the layer's inputs, {@code [B, fanIn]}
   * @param delta the buffer that holds the gradient by the preactivations, {@code [B, fanOut]}
   * @param weightRate the learning rate of the weight
   * @param biasRate the learning rate of the bias
   */
  DenseLayer(
      Tensor weight,
      @Nullable Tensor bias,
      Tensor input,
      Tensor delta,
      double weightRate,
      double biasRate) {
    this.weight = weight;
    this.weightTransposed = weight.t();
    this.input = input;
    this.delta = delta;
    this.minusWeightRate = new Scalar(-weightRate);
    this.weightStep = weightStep();
    this.bias = bias == null ? null : new BiasTerm(bias, input, biasRate);
  }

  /** Takes the step {@code W ← W − η·Δᵀ·H}. */
  @FunctionalInterface
  private interface WeightStep {
    void take();
  }

  /**
   * A single output goes by a product with a vector: BLAS is several times slower with a matrix.
   */
  private WeightStep weightStep() {
    if (weight.size(0) == 1) {
      Tensor row = weight.select(0, 0);
      Tensor inputTransposed = input.t();
      Tensor column = delta.select(1, 0);
      return () -> row.addmv_(inputTransposed, column, one, minusWeightRate);
    }
    Tensor deltaTransposed = delta.t();
    return () -> weight.addmm_(deltaTransposed, input, one, minusWeightRate);
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
  public void backward(Tensor inputDelta) {
    inputDelta.addmm_(delta, weight, zero, one);
  }

  @Override
  public void update() {
    weightStep.take();
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
      this.ones = torch.ones_like(Tensors.zerosBeside(input, 1, batch));
      this.minusRate = new Scalar(-rate);
    }
  }
}
