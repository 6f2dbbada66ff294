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
   * The number by which the parameter is multiplied in the forward pass; for a tied embedding,
   * where it writes the output: drawn and stepped at the size of an embedding, the table is too
   * large for a readout by its width.
   *
   * @param shape the parameter's shape
   * @return the multiplier, 1 in every parametrization that needs none
   */
  double multiplier(ParameterShape shape);

  /**
   * The number by which inner products of queries and keys are multiplied. Once trained, a query
   * and a key are aligned, so their product is a sum of as many terms of one sign as a head has
   * dimensions, and 1/d keeps it at Θ(1); 1/√d is for vectors that know nothing of each other.
   *
   * @param headDimension the dimension d of one head's queries and keys
   * @return the scale
   */
  double attentionScale(long headDimension);

  /**
   * The ε of the update rule, as a multiple of the global one.
   *
   * @param shape the parameter's shape
   * @param rule an update rule that has an ε
   * @return the factor
   */
  double epsilon(ParameterShape shape, UpdateRule rule);
}
