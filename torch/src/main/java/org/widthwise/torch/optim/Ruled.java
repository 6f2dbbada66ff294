package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * A direction under the name of another rule of the same sizes, so that a plan for that rule finds
 * it. AdamW's direction is Adam's: its weight decay is the optimizer's business.
 *
 * @param rule the rule
 * @param direction the direction
 */
public record Ruled(UpdateRule rule, Direction direction) implements Direction {

  /**
   * AdamW (I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019).
   *
   * @param adam Adam with the coefficients that are wanted
   * @return the direction of AdamW's rule
   */
  public static Ruled adamw(Adam adam) {
    return new Ruled(UpdateRules.ADAMW, adam);
  }

  /**
   * What a direction gives, over its spectral norm. S. Qiu et al., "Hyperparameter transfer enables
   * consistent gains of matrix-preconditioned optimizers across scales" (arXiv:2512.05620), find
   * that rates then carry over better, for the sizes of such directions change with width, with
   * noise and along training.
   *
   * @param rule the rule, whose raw update has spectral norm 1
   * @param direction what is to be normalised
   * @return the normalised direction
   */
  static Ruled overSpectralNorm(UpdateRule rule, Direction direction) {
    return new Ruled(rule, Chain.of(direction, SpectralDescent.withDefaults()));
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return direction.initialState(parameter);
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    return direction.of(gradient, parameter, state);
  }

  @Override
  public Ruled inBfloat16() {
    return new Ruled(rule, direction.inBfloat16());
  }

  @Override
  public Ruled withEpsilon(double epsilon) {
    return new Ruled(rule, direction.withEpsilon(epsilon));
  }
}
