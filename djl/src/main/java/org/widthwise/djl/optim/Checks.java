package org.widthwise.djl.optim;

/** What the rules ask of their coefficients. */
final class Checks {

  private Checks() {}

  static void epsilon(String rule, double epsilon) {
    if (!(epsilon >= 0 && Double.isFinite(epsilon))) {
      throw new IllegalArgumentException(
          "the ε of %s must be finite and not negative, but is %s".formatted(rule, epsilon));
    }
  }

  static void decay(String rule, String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s of %s must be at least 0 and below 1, but is %s".formatted(name, rule, value));
    }
  }
}
