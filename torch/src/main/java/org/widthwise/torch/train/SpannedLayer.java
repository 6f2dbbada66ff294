package org.widthwise.torch.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.engine.Tensors;

/**
 * The first layer of a network trained on a full batch X {@code [B, n_0]} of fewer examples than
 * inputs, in the span of the data.
 *
 * <p>Every gradient of W_1 is {@code Δᵀ·X}, so after any number of steps {@code W_1 = W_1⁰ +
 * η·Cᵀ·X} with {@code C = −ΣΔ} of shape {@code [B, n_1]}, and likewise {@code b_1 = b_1⁰ +
 * η_b·Cᵀ·1}. The preactivations are then {@code X·W_1ᵀ + 1·b_1ᵀ = Z⁰ + (η·X·Xᵀ + η_b·1·1ᵀ)·C}: one
 * product with a {@code [B, B]} matrix made once, and an update of C that costs no product at all.
 * Training W_1 itself would take two products with n_0 in the place of B; training it in an
 * orthonormal basis of the span (thin QR) two with B.
 *
 * <p>It is exact but for rounding: nothing is inverted, and the preactivations are computed afresh
 * from C at each step, so no error feeds on itself beyond those in the sum C. In float64 it follows
 * the full run to 2·10⁻¹⁴ over thousands of steps. In float32 the relative error of W_1 − W_1⁰
 * after thousands of steps at the paper's rates is that of the full run in float32 (5·10⁻³ and
 * 4·10⁻³); at five times these rates it is larger (2·10⁻² and 6·10⁻⁴), as that of a basis from thin
 * QR is too.
 */
final class SpannedLayer implements Layer {
  private final Scalar one = new Scalar(1.0);
  private final Tensor weight;
  private final Tensor initialWeight;
  private final @Nullable Tensor bias;
  private final @Nullable Tensor initialBias;
  private final Tensor inputs;
  private final Tensor delta;
  private final double weightRate;
  private final double biasRate;
  private final Tensor initialPreactivation;
  private final Tensor kernel;
  private final Tensor coefficients;

  /**
   * A first layer on the data.
   *
   * @param weight {@code [n_1, n_0]}; read now, written by {@link #writeBack()}
   * @param bias {@code [n_1]}, likewise, or null
   * @param inputs the data, {@code [B, n_0]}
   * @param delta the buffer that holds the gradient by the preactivations, {@code [B, n_1]}
   * @param weightRate the learning rate of the weight
   * @param biasRate the learning rate of the bias
   */
  SpannedLayer(
      Tensor weight,
      @Nullable Tensor bias,
      Tensor inputs,
      Tensor delta,
      double weightRate,
      double biasRate) {
    this.weight = weight;
    this.initialWeight = weight.clone();
    this.bias = bias;
    this.initialBias = bias == null ? null : bias.clone();
    this.inputs = inputs;
    this.delta = delta;
    this.weightRate = weightRate;
    this.biasRate = biasRate;
    Tensor product = inputs.mm(weight.t());
    this.initialPreactivation = bias == null ? product : product.add_(bias);
    // In float64 also for float32 data: this matrix acts at every step.
    Tensor wide = inputs.to(ScalarType.Double);
    this.kernel =
        wide.mm(wide.t())
            .mul_(new Scalar(weightRate))
            .add_(new Scalar(biasRate))
            .to(Tensors.type(inputs));
    this.coefficients = torch.zeros_like(product);
  }

  @Override
  public void forward(Tensor preactivation) {
    preactivation.copy_(initialPreactivation).addmm_(kernel, coefficients, one, one);
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
    weight.copy_(initialWeight).addmm_(coefficients.t(), inputs, one, new Scalar(weightRate));
    if (bias != null && initialBias != null) {
      bias.copy_(initialBias).add_(coefficients.sum(0), new Scalar(biasRate));
    }
  }
}
