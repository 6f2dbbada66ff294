package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;

/**
 * The gradient over its Frobenius norm, {@code ∇ / (‖∇‖_F + ε)}: the cheap form of eq. 17 (section
 * 4), the same but for the root of the gradient's stable rank. Each map of a stack is divided by
 * its own norm. A gradient that is not finite gives NaN throughout its map.
 *
 * @param epsilon ε, finite and not negative
 */
public record FrobeniusDescent(double epsilon) implements Direction {

  /**
   * Checks ε.
   *
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if it is out of its range
   */
  public FrobeniusDescent {
    Checks.epsilon("Frobenius descent", epsilon);
  }

  /**
   * The rule as the paper has it.
   *
   * @return ε = 0
   */
  public static FrobeniusDescent withDefaults() {
    return new FrobeniusDescent(0);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.FROBENIUS_DESCENT;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Maps.require(gradient);
    return TensorNorms.overNorms(gradient, TensorNorms.frobeniusOfMaps(gradient), epsilon);
  }

  @Override
  public FrobeniusDescent withEpsilon(double newEpsilon) {
    return new FrobeniusDescent(newEpsilon);
  }
}
