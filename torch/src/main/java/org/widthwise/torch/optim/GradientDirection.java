package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/** The gradient itself: gradient descent (eq. 18). */
public record GradientDirection() implements Direction {

  @Override
  public UpdateRule rule() {
    return UpdateRules.SGD;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    return gradient;
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
