package org.widthwise.core.parametrization;

import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;

/**
 * Standard parametrization, SP (eq. 21): σ = 1/√fan-in, and one learning rate for all layers. What
 * "Kaiming", "Xavier" and "LeCun" initialisation with a single rate amount to.
 */
public final class Standard implements Parametrization {

  /** The only instance needed: the parametrization has no state. */
  Standard() {}

  @Override
  public String id() {
    return "sp";
  }

  @Override
  public double initStd(ParameterShape shape) {
    return FanInInit.std(shape);
  }

  @Override
  public double learningRate(ParameterShape shape, UpdateRule rule) {
    return 1;
  }

  @Override
  public double multiplier(ParameterShape shape) {
    return 1;
  }

  @Override
  public double attentionScale(long headDimension) {
    return 1 / Math.sqrt((double) headDimension);
  }

  @Override
  public double epsilon(ParameterShape shape, UpdateRule rule) {
    return 1;
  }
}
