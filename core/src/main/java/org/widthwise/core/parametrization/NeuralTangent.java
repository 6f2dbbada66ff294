package org.widthwise.core.parametrization;

import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;

/**
 * Neural tangent parametrization, NTP (section 5.3): weights W/√fan-in with W standard normal, and
 * one learning rate for all layers.
 *
 * <p>Given as the paper does, without the multiplier: σ = 1/√fan-in and, under gradient descent, η
 * = 1/fan-in (eq. 22). For other rules the same change of variables is made: one factor √fan-in for
 * the weight itself, another for each degree in which the raw update grows with the gradient, less
 * one for each in which it grows with the weight. So Adam's rate is 1/√fan-in, and its ε is
 * multiplied by √fan-in.
 */
public final class NeuralTangent implements Parametrization {

  /** The only instance needed: the parametrization has no state. */
  NeuralTangent() {}

  @Override
  public String id() {
    return "ntp";
  }

  @Override
  public double initStd(ParameterShape shape) {
    return FanInInit.std(shape);
  }

  @Override
  public double learningRate(ParameterShape shape, UpdateRule rule) {
    return MultiplierFolding.learningRate(multiplierThatWasFolded(shape), 1, rule);
  }

  @Override
  public double multiplier(ParameterShape shape) {
    return shape.role() == Role.TIED_EMBEDDING ? 1 / Math.sqrt((double) shape.fans().fanOut()) : 1;
  }

  @Override
  public double attentionScale(long headDimension) {
    return 1 / Math.sqrt((double) headDimension);
  }

  @Override
  public double epsilon(ParameterShape shape, UpdateRule rule) {
    return MultiplierFolding.epsilon(multiplierThatWasFolded(shape), 1, rule);
  }

  private static double multiplierThatWasFolded(ParameterShape shape) {
    return 1 / Math.sqrt((double) shape.fans().fanIn());
  }
}
