package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * The running average of gradients, {@code m ← (1 − α)·m + α·g} from m = 0: {@link Momentum} with μ
 * = 1 − α, times α. Scion's momentum, named as its authors name it.
 *
 * @param weight α, the weight of the new gradient, above 0 and at most 1; 1 for no memory
 */
public record Averaging(double weight) implements Direction {

  private static final String MEAN = "mean";

  /**
   * Checks α.
   *
   * @param weight α, above 0 and at most 1
   * @throws IllegalArgumentException if it is not
   */
  public Averaging {
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException(
          "the weight α of the new gradient must be above 0 and at most 1, but is " + weight);
    }
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.SGD;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of(MEAN, torch.zeros_like(parameter.detach()));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    return state.tensor(MEAN).mul_(new Scalar(1 - weight)).add_(gradient, new Scalar(weight));
  }

  @Override
  public Direction withEpsilon(double epsilon) {
    return this;
  }
}
