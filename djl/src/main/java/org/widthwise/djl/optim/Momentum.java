package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Gradient descent with heavy-ball momentum, {@code v ← μ·v + g}, without a factor 1 − μ: a steady
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
  public Map<String, NDArray> initialState(NDArray gradient) {
    return Map.of(VELOCITY, gradient.zerosLike());
  }

  @Override
  public NDArray of(NDArray gradient, ParameterState state) {
    NDArray velocity = state.array(VELOCITY);
    velocity.muli(coefficient).addi(gradient);
    return nesterov ? velocity.mul(coefficient).addi(gradient) : velocity;
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
