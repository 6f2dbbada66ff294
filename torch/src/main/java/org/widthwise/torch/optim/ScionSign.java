package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * {@link Scion}'s oracle of the norm from RMS to the largest output, {@code sign(g)/fanIn}. Aligned
 * signs have spectral norm √(fanIn·fanOut), so this is of the target size √(fanOut/fanIn). NaN
 * stays NaN.
 */
public record ScionSign() implements Direction {

  @Override
  public UpdateRule rule() {
    return UpdateRules.SCION_SIGN;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    return Quotients.sign(gradient).div_(new Scalar((double) Maps.fans(gradient).fanIn()));
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
