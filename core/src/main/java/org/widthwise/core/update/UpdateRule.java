package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * How an optimizer turns gradients into updates, as far as width is concerned: by the typical
 * spectral norm of its raw update, before any learning rate, in a network that satisfies Condition
 * 1.
 *
 * <p>From it every learning rate follows: target over raw size. To add an optimizer, implement this
 * interface, annotate the class with {@code @AutoService(UpdateRule.class)} so that {@link
 * UpdateRules#named} finds it, and nothing else.
 */
public interface UpdateRule {

  /**
   * The name used in files and options.
   *
   * @return a name in lower case
   */
  String id();

  /**
   * The typical spectral norm of the raw update, up to Θ.
   *
   * @param fans the parameter's dimensions
   * @return ‖raw update‖₂
   */
  double rawSpectralNorm(Fans fans);

  /**
   * The degree in which the raw update grows with the gradient: 1 for gradient descent, 0 for
   * anything that normalises, between or below for a preconditioner of another power.
   *
   * @return the degree of homogeneity in the gradient
   */
  double gradientDegree();

  /**
   * The degree in which the raw update grows with the weight itself: 1 for updates relative to the
   * weight, else 0.
   *
   * @return the degree of homogeneity in the weight
   */
  int weightDegree();

  /**
   * The typical size of what the rule's ε is added to, up to Θ: ε must scale with it to keep its
   * meaning. It is of the first degree in the gradient; a rule whose published ε stands beside
   * squares takes that ε's root.
   *
   * @param fans the parameter's dimensions
   * @return that size; empty if the rule has no ε
   */
  OptionalDouble epsilonReference(Fans fans);
}
