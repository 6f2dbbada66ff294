package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;

/**
 * The gradient brought to the weight's Frobenius norm, {@code ‖W‖_F · ∇ / (‖∇‖_F + ε)}, as in LARS
 * and its kin (section 5.4). At one rate for all layers it is the rule that the paper finds wrong
 * in width; the rates of a plan correct it. Each map of a stack has norms of its own, and a
 * gradient that is not finite gives NaN throughout its map.
 *
 * <p>A weight of zeros, as a bias often starts, never moves under it.
 *
 * @param epsilon ε, finite and not negative
 */
public record FrobeniusRelative(double epsilon) implements Direction {

  /**
   * Checks ε.
   *
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if it is out of its range
   */
  public FrobeniusRelative {
    Checks.epsilon("Frobenius-relative updates", epsilon);
  }

  /**
   * The rule as the paper has it.
   *
   * @return ε = 0
   */
  public static FrobeniusRelative withDefaults() {
    return new FrobeniusRelative(0);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.FROBENIUS_RELATIVE;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Maps.require(gradient);
    return TensorNorms.overNorms(gradient, TensorNorms.frobeniusOfMaps(gradient), epsilon)
        .mul_(TensorNorms.frobeniusOfMaps(parameter));
  }

  @Override
  public FrobeniusRelative withEpsilon(double newEpsilon) {
    return new FrobeniusRelative(newEpsilon);
  }
}
