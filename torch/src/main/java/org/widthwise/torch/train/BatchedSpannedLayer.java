package org.widthwise.torch.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.engine.Tensors;

/** {@link SpannedLayer} of M networks, each on data and with rates of its own. */
final class BatchedSpannedLayer implements Layer {
  private final Scalar one = new Scalar(1.0);
  private final Tensor weight;
  private final Tensor initialWeight;
  private final BatchedDenseLayer.@Nullable Bias bias;
  private final @Nullable Tensor initialBias;
  private final Tensor inputs;
  private final Tensor delta;
  private final Tensor weightRates;
  private final Tensor initialPreactivation;
  private final Tensor kernel;
  private final Tensor coefficients;

  /**
   * A first layer on the data.
   *
   * @param weight {@code [M, n_1, n_0]}; read now, written by {@link #writeBack()}
   * @param bias likewise; null for none
   * @param inputs the data, {@code [M, B, n_0]}
   * @param delta the buffer that holds the gradient by the preactivations, {@code [M, B, n_1]}
   * @param weightRates {@code [M, 1, 1]}
   */
  BatchedSpannedLayer(
      Tensor weight,
      BatchedDenseLayer.@Nullable Bias bias,
      Tensor inputs,
      Tensor delta,
      Tensor weightRates) {
    this.weight = weight;
    this.initialWeight = weight.clone();
    this.bias = bias;
    this.initialBias = bias == null ? null : bias.rows().clone();
    this.inputs = inputs;
    this.delta = delta;
    this.weightRates = weightRates;
    Tensor product = inputs.bmm(weight.transpose(1, 2));
    this.initialPreactivation = bias == null ? product : product.add_(bias.rows());
    // In float64 also for float32 data, as in SpannedLayer.
    Tensor wide = inputs.to(ScalarType.Double);
    Tensor products = wide.bmm(wide.transpose(1, 2)).mul_(weightRates.to(ScalarType.Double));
    this.kernel =
        (bias == null ? products : products.add_(bias.rates().to(ScalarType.Double)))
            .to(Tensors.type(inputs));
    this.coefficients = torch.zeros_like(product);
  }

  @Override
  public void forward(Tensor preactivation) {
    preactivation.copy_(initialPreactivation).baddbmm_(kernel, coefficients, one, one);
  }

  @Override
  public void backward(Tensor inputDelta) {
    throw new UnsupportedOperationException("nothing lies below a first layer");
  }

  @Override
  public void update() {
    coefficients.sub_(delta);
  }

  @Override
  public void writeBack() {
    Tensor steps = coefficients.mul(weightRates).transpose(1, 2);
    weight.copy_(initialWeight).baddbmm_(steps, inputs, one, one);
    if (bias != null && initialBias != null) {
      bias.rows()
          .copy_(initialBias)
          .add_(BatchedDenseLayer.sumOverExamples(coefficients).mul_(bias.rates()));
    }
  }
}
