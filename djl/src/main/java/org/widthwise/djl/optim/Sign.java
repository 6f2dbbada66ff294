package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * The sign of every entry, 0 for 0 and NaN for NaN: "the momentum-less version of Adam" (section
 * 3.3).
 */
public record Sign() implements Direction {

  @Override
  public UpdateRule rule() {
    return UpdateRules.SIGN;
  }

  @Override
  public Map<String, NDArray> initialState(NDArray gradient) {
    return Map.of();
  }

  @Override
  public NDArray of(NDArray gradient, ParameterState state) {
    return Quotients.sign(gradient);
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
