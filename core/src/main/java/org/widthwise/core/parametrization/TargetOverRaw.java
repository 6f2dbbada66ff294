package org.widthwise.core.parametrization;

import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.UpdateRule;

/**
 * The one rule from which every learning rate follows: the update's target size (Condition 1) over
 * its raw size.
 */
final class TargetOverRaw {

  private TargetOverRaw() {}

  static double learningRate(Fans fans, UpdateRule rule) {
    return fans.targetSpectralNorm() / rule.rawSpectralNorm(fans);
  }

  /** ε keeps its meaning when it shrinks with what it is added to. */
  static double epsilon(Fans fans, UpdateRule rule) {
    return rule.epsilonReference(fans).orElse(1);
  }
}
