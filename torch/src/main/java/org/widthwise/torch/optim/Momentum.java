package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Heavy-ball momentum as in libtorch's SGD, {@code v ← μ·v + g}, without a factor 1 − μ: a steady
 * gradient comes to {@code g / (1 − μ)}, a constant that does not depend on width.
 *
 * @param coefficient μ, at least 0 and below 1
 * @param nesterov whether the direction is {@code g + μ·v} in place of {@code v}
 */
public record Momentum(double coefficient, boolean nesterov) implements Direction {

  private static final String VELOCITY = "velocity";

  /**
   * Checks μ.
   *
   * @param coefficient μ, at least 0 and below 1
   * @param nesterov whether to look ahead
   * @throws IllegalArgumentException if μ is out of its range
   */
  public Momentum {
    Checks.decay("momentum", "μ", coefficient);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.SGD;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of(VELOCITY, torch.zeros_like(parameter.detach()));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Scalar mu = new Scalar(coefficient);
    Tensor velocity = state.tensor(VELOCITY);
    velocity.mul_(mu).add_(gradient);
    return nesterov ? gradient.add(velocity, mu) : velocity;
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
