package org.widthwise.audit.plan;

import org.widthwise.core.plan.Scale;

/** Whether the numbers of a scale can be trained with. */
final class Scales {

  private Scales() {}

  static void check(String name, Scale scale) {
    require(name, "initial mean", scale.initMean(), Double.NEGATIVE_INFINITY);
    require(name, "initial standard deviation", scale.initStd(), 0);
    require(name, "learning rate", scale.learningRate(), Double.MIN_VALUE);
    require(name, "weight decay", scale.weightDecay(), 0);
    require(name, "epsilon", scale.epsilon().orElse(1), Double.MIN_VALUE);
    require(name, "multiplier", scale.multiplier(), Double.MIN_VALUE);
    require(name, "branch multiplier", scale.branchMultiplier(), Double.MIN_VALUE);
    require(name, "target spectral norm", scale.targetSpectralNorm(), Double.MIN_VALUE);
  }

  private static void require(String name, String what, double value, double least) {
    if (!Double.isFinite(value) || value < least) {
      throw new IllegalArgumentException(
          "the %s of '%s' must be %s, but is %s"
              .formatted(
                  what,
                  name,
                  least == 0
                      ? "at least 0 and finite"
                      : least > 0 ? "above 0 and finite" : "finite",
                  value));
    }
  }
}
