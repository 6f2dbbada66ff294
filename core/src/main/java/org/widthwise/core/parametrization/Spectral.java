package org.widthwise.core.parametrization;

import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;

/**
 * The spectral parametrization (Parametrization 1):
 *
 * <pre>
 *   σ = 1/√fan-in · min(1, √(fan-out / fan-in))      η = target ‖ΔW‖₂ / raw ‖ΔW‖₂
 * </pre>
 *
 * <p>with true fans, the same for every layer. Under gradient descent the rate is fan-out / fan-in,
 * under Adam 1 / fan-in, under Muon √(fan-out / fan-in).
 */
public final class Spectral implements Parametrization {

  /** The only instance needed: the parametrization has no state. */
  Spectral() {}

  @Override
  public String id() {
    return "spectral";
  }

  /**
   * {@inheritDoc}
   *
   * <p>A convolution's output sums fan-in times kernel-area terms, so its variance is divided by
   * both; whether the map widens or narrows is a question of channels alone.
   */
  @Override
  public double initStd(ParameterShape shape) {
    return Math.min(1, shape.fans().targetSpectralNorm()) * FanInInit.std(shape);
  }

  @Override
  public double learningRate(ParameterShape shape, UpdateRule rule) {
    return TargetOverRaw.learningRate(shape.fans(), shape.groups(), rule);
  }

  @Override
  public double multiplier(ParameterShape shape) {
    return shape.role() == Role.TIED_EMBEDDING ? 1.0 / shape.fans().fanOut() : 1;
  }

  @Override
  public double attentionScale(long headDimension) {
    return 1.0 / headDimension;
  }

  @Override
  public double epsilon(ParameterShape shape, UpdateRule rule) {
    return TargetOverRaw.epsilon(shape.fans(), shape.groups(), rule);
  }
}
