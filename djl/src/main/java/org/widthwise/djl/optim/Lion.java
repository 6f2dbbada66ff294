package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Lion (X. Chen et al., "Symbolic discovery of optimization algorithms", 2023): the sign of {@code
 * β₁·m + (1 − β₁)·g}, after which {@code m ← β₂·m + (1 − β₂)·g}. NaN stays NaN.
 *
 * @param beta1 β₁, how much of the direction is memory, at least 0 and below 1
 * @param beta2 β₂, how much of the memory is kept, at least 0 and below 1
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
  public Map<String, NDArray> initialState(NDArray gradient) {
    return Map.of(MEAN, gradient.zerosLike());
  }

  @Override
  public NDArray of(NDArray gradient, ParameterState state) {
    NDArray mean = state.array(MEAN);
    NDArray direction = Quotients.sign(mean.mul(beta1).addi(gradient.mul(1 - beta1)));
    Moments.average(mean, gradient, beta2);
    return direction;
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
