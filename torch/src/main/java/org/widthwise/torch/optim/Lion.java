package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Lion (X. Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023): the sign of
 * {@code β₁·m + (1 − β₁)·g}, after which {@code m ← β₂·m + (1 − β₂)·g}. The two averages are
 * different ones on purpose: the direction listens to the gradient more than the memory does.
 *
 * <p>An entry that is NaN in the gradient is NaN in the direction, then and ever after.
 *
 * @param beta1 β₁, at least 0 and below 1
 * @param beta2 β₂, at least 0 and below 1
 */
public record Lion(double beta1, double beta2) implements Direction {

  private static final String MEAN = "mean";

  /**
   * Checks the coefficients.
   *
   * @param beta1 β₁, at least 0 and below 1
   * @param beta2 β₂, at least 0 and below 1
   * @throws IllegalArgumentException if one is out of its range
   */
  public Lion {
    Checks.decay("Lion", "β₁", beta1);
    Checks.decay("Lion", "β₂", beta2);
  }

  /**
   * The authors' coefficients.
   *
   * @return β₁ = 0.9, β₂ = 0.99
   */
  public static Lion withDefaults() {
    return new Lion(0.9, 0.99);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.LION;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of(MEAN, torch.zeros_like(parameter.detach()));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor mean = state.tensor(MEAN);
    Tensor mixed = mean.mul(new Scalar(beta1)).add_(gradient, new Scalar(1 - beta1));
    mean.mul_(new Scalar(beta2)).add_(gradient, new Scalar(1 - beta2));
    return Quotients.sign(mixed);
  }

  @Override
  public Lion withEpsilon(double epsilon) {
    return this;
  }
}
