package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * AdamW (I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019): the
 * directions of {@link Adam}, under a name that says that weight decay does not pass through them.
 * {@link PlannedOptimizer} applies it to the weights, {@link DecayForm#DECOUPLED}.
 *
 * @param beta1 β₁, at least 0 and below 1
 * @param beta2 β₂, at least 0 and below 1
 * @param epsilon ε, added to the root, finite and not negative
 */
public record AdamW(double beta1, double beta2, double epsilon) implements Direction {

  /**
   * Checks the coefficients.
   *
   * @param beta1 β₁, at least 0 and below 1
   * @param beta2 β₂, at least 0 and below 1
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if one is out of its range
   */
  public AdamW {
    Checks.decay("AdamW", "β₁", beta1);
    Checks.decay("AdamW", "β₂", beta2);
    Checks.epsilon("AdamW", epsilon);
  }

  /**
   * The authors' coefficients, which are DJL's too.
   *
   * @return β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸
   */
  public static AdamW withDefaults() {
    return new AdamW(0.9, 0.999, 1e-8);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.ADAMW;
  }

  @Override
  public Map<String, NDArray> initialState(NDArray gradient) {
    return Moments.initialState(gradient);
  }

  @Override
  public NDArray of(NDArray gradient, ParameterState state) {
    return Moments.quotient(gradient, state, beta1, beta2, epsilon);
  }

  @Override
  public AdamW withEpsilon(double newEpsilon) {
    return new AdamW(beta1, beta2, newEpsilon);
  }
}
