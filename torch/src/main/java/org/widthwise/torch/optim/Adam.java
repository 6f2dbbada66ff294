package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Adam (D. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015), of which
 * section 3.3 gives the scaling: after t updates {@code m̂ / (√v̂ + ε)} with {@code m ← β₁·m + (1 −
 * β₁)·g}, {@code v ← β₂·v + (1 − β₂)·g²}, {@code m̂ = m / (1 − β₁ᵗ)} and {@code v̂ = v / (1 −
 * β₂ᵗ)}.
 *
 * <p>An entry whose denominator is 0, as where ε is 0 and no gradient has come yet, gives 0.
 *
 * @param beta1 β₁, at least 0 and below 1
 * @param beta2 β₂, at least 0 and below 1
 * @param epsilon ε, added to the root, finite and not negative
 */
public record Adam(double beta1, double beta2, double epsilon) implements Direction {

  private static final String MEAN = "mean";
  private static final String SQUARE = "square";

  /**
   * Checks the coefficients.
   *
   * @param beta1 β₁, at least 0 and below 1
   * @param beta2 β₂, at least 0 and below 1
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if one is out of its range
   */
  public Adam {
    Checks.decay("Adam", "β₁", beta1);
    Checks.decay("Adam", "β₂", beta2);
    Checks.epsilon("Adam", epsilon);
  }

  /**
   * The authors' coefficients, which are libtorch's too.
   *
   * @return β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸
   */
  public static Adam withDefaults() {
    return new Adam(0.9, 0.999, 1e-8);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.ADAM;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    Tensor plain = parameter.detach();
    return Map.of(MEAN, torch.zeros_like(plain), SQUARE, torch.zeros_like(plain));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor mean = state.tensor(MEAN);
    Tensor square = state.tensor(SQUARE);
    mean.mul_(new Scalar(beta1)).add_(gradient, new Scalar(1 - beta1));
    square.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
    double updates = state.updates();
    double meanWeight = 1 - Math.pow(beta1, updates);
    double squareWeight = 1 - Math.pow(beta2, updates);
    // m̂ / (√v̂ + ε) with 1 − β₁ᵗ taken into the denominator, which saves a pass over the tensor.
    Tensor size = square.sqrt().mul_(new Scalar(meanWeight / Math.sqrt(squareWeight)));
    return Quotients.regularized(mean, size, meanWeight * epsilon);
  }

  @Override
  public Adam withEpsilon(double newEpsilon) {
    return new Adam(beta1, beta2, newEpsilon);
  }
}
