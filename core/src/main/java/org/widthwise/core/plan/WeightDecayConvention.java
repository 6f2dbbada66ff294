package org.widthwise.core.plan;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.widthwise.core.shape.Fans;

/**
 * What stays the same about weight decay when the width changes. In each step a weight shrinks by
 * rate times decay, so scaling the rates alone changes what a given decay means, silently.
 */
public enum WeightDecayConvention {
  /**
   * The product of rate and decay is that of the global values, at every layer and width: λ_ℓ =
   * λ·η/η_ℓ, with the global rate η of the parameter's group. Every weight of rules with the same
   * global rate then forgets its past over the same number of steps.
   */
  INDEPENDENT("independent") {
    @Override
    double factor(Fans fans, double rateFactor) {
      return 1 / rateFactor;
    }
  },
  /**
   * The decay itself is the same everywhere: what AdamW does when only its rates are scaled. The
   * shrinking then fades as rates fall with width.
   */
  FIXED("fixed") {
    @Override
    double factor(Fans fans, double rateFactor) {
      return 1;
    }
  },
  /**
   * The decay grows with the square root of the fan-in, for AdamW with rates 1/fan-in
   * (arXiv:2510.15262).
   */
  SQRT_FAN_IN("sqrt-fan-in") {
    @Override
    double factor(Fans fans, double rateFactor) {
      return Math.sqrt((double) fans.fanIn());
    }
  };

  private final String id;

  WeightDecayConvention(String id) {
    this.id = id;
  }

  /**
   * The name used in files and options.
   *
   * @return a name in lower case
   */
  public String id() {
    return id;
  }

  /**
   * The decay of a parameter as a multiple of the global one.
   *
   * @param fans the parameter's dimensions
   * @param rateFactor its learning rate as a multiple of the global one, above 0
   */
  abstract double factor(Fans fans, double rateFactor);

  /**
   * Finds a convention by its {@linkplain #id() name}.
   *
   * @param id the name
   * @return the convention
   * @throws IllegalArgumentException if there is none of that name
   */
  public static WeightDecayConvention named(String id) {
    for (WeightDecayConvention convention : values()) {
      if (convention.id.equalsIgnoreCase(id)) {
        return convention;
      }
    }
    throw new IllegalArgumentException(
        "unknown weight-decay convention '%s': known are %s"
            .formatted(
                id,
                Arrays.stream(values())
                    .map(WeightDecayConvention::id)
                    .collect(Collectors.joining(", "))));
  }
}
