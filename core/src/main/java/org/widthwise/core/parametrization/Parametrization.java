package org.widthwise.core.parametrization;

import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;

/**
 * How the scale of a parameter follows from its shape, all prefactors put to 1.
 *
 * <p>To add one, implement this interface, annotate the class with
 * {@code @AutoService(Parametrization.class)} so that {@link Parametrizations#named} finds it, and
 * nothing else.
 */
public interface Parametrization {

  /**
   * The name used in files and options.
   *
   * @return a name in lower case
   */
  String id();

  /**
   * The standard deviation of the Gaussian from which the parameter is drawn.
   *
   * @param shape the parameter's shape
   * @return σ
   */
  double initStd(ParameterShape shape);

  /**
   * The learning rate, as a multiple of the global one.
   *
   * @param shape the parameter's shape
   * @param rule the update rule
   * @return η
   */
  double learningRate(ParameterShape shape, UpdateRule rule);

  /**
   * The number by which the parameter is multiplied in the forward pass.
   *
   * @param shape the parameter's shape
   * @return the multiplier, 1 in every parametrization that needs none
   */
  double multiplier(ParameterShape shape);

  /**
   * The ε of the update rule, as a multiple of the global one.
   *
   * @param shape the parameter's shape
   * @param rule an update rule that has an ε
   * @return the factor
   */
  double epsilon(ParameterShape shape, UpdateRule rule);
}
