package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/** The gradient itself: gradient descent without momentum. */
public record GradientDirection() implements Direction {

  @Override
  public UpdateRule rule() {
    return UpdateRules.SGD;
  }

  @Override
  public Map<String, NDArray> initialState(NDArray gradient) {
    return Map.of();
  }

  @Override
  public NDArray of(NDArray gradient, ParameterState state) {
    return gradient;
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
