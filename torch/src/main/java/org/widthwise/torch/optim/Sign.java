package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
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
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    return Quotients.sign(gradient);
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
