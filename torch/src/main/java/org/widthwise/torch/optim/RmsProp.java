package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * RMSProp (T. Tieleman, G. Hinton, lecture 6.5, 2012), as in libtorch: {@code g / (√v + ε)} with
 * {@code v ← α·v + (1 − α)·g²}, not corrected for the bias of the start, so that the first
 * direction has entries of size {@code 1/√(1 − α)}, a constant that does not depend on width.
 *
 * <p>An entry whose denominator is 0 gives 0.
 *
 * @param decay α, at least 0 and below 1
 * @param epsilon ε, added to the root, finite and not negative
 */
public record RmsProp(double decay, double epsilon) implements Direction {

  private static final String SQUARE = "square";

  /**
   * Checks the coefficients.
   *
   * @param decay α, at least 0 and below 1
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if one is out of its range
   */
  public RmsProp {
    Checks.decay("RMSProp", "α", decay);
    Checks.epsilon("RMSProp", epsilon);
  }

  /**
   * The coefficients of libtorch.
   *
   * @return α = 0.99, ε = 10⁻⁸
   */
  public static RmsProp withDefaults() {
    return new RmsProp(0.99, 1e-8);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.RMSPROP;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of(SQUARE, torch.zeros_like(parameter.detach()));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor square = state.tensor(SQUARE);
    square.mul_(new Scalar(decay)).addcmul_(gradient, gradient, new Scalar(1 - decay));
    return Quotients.regularized(gradient, square.sqrt(), epsilon);
  }

  @Override
  public RmsProp withEpsilon(double newEpsilon) {
    return new RmsProp(decay, newEpsilon);
  }
}
