package org.widthwise.torch.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** {@link DenseLayer} of M networks, each with rates of its own. */
final class BatchedDenseLayer implements Layer {
  private final Scalar one = new Scalar(1.0);
  private final Scalar minusOne = new Scalar(-1.0);
  private final Tensor weight;
  private final Tensor weightTransposed;
  private final Tensor input;
  private final Tensor delta;
  private final Tensor step;
  private final Tensor stepTransposed;
  private final Tensor weightRates;
  private final @Nullable Bias bias;

  /**
   * The biases.
   *
   * @param rows {@code [M, 1, fanOut]}, trained in place
   * @param rates {@code [M, 1, 1]}
   */
  record Bias(Tensor rows, Tensor rates) {}

  /**
   * A layer on fixed buffers.
   *
   * @param weight {@code [M, fanOut, fanIn]}, trained in place
   * @param bias null for none
   * @param input the buffer that holds the layer's inputs, {@code [M, B, fanIn]}
   * @param delta the buffer that holds the gradient by the preactivations, {@code [M, B, fanOut]}
   * @param weightRates {@code [M, 1, 1]}
   */
  BatchedDenseLayer(
      Tensor weight, @Nullable Bias bias, Tensor input, Tensor delta, Tensor weightRates) {
    this.weight = weight;
    this.weightTransposed = weight.transpose(1, 2);
    this.input = input;
    this.delta = delta;
    this.step = torch.zeros_like(delta);
    this.stepTransposed = step.transpose(1, 2);
    this.weightRates = weightRates;
    this.bias = bias;
  }

  @Override
  public void forward(Tensor preactivation) {
    torch.bmm_out(preactivation, input, weightTransposed);
    if (bias != null) {
      preactivation.add_(bias.rows);
    }
  }

  @Override
  public void backward(Tensor inputDelta) {
    torch.bmm_out(inputDelta, delta, weight);
  }

  @Override
  public void update() {
    torch.mul_out(step, delta, weightRates);
    weight.baddbmm_(stepTransposed, input, one, minusOne);
    if (bias != null) {
      bias.rows.sub_(sumOverExamples(delta).mul_(bias.rates));
    }
  }

  static Tensor sumOverExamples(Tensor delta) {
    return delta.sum(new long[] {1}, true, new ScalarTypeOptional());
  }

  @Override
  public void writeBack() {
    // Weight and bias are trained in place.
  }
}
