package org.widthwise.torch.optim;

/** What the rules ask of their coefficients. */
final class Checks {

  private Checks() {}

  static void epsilon(String rule, double epsilon) {
    if (!(epsilon >= 0 && Double.isFinite(epsilon))) {
      throw new IllegalArgumentException(
          "the ε of %s must be finite and not negative, but is %s".formatted(rule, epsilon));
    }
  }

  static void positive(String rule, String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "%s of %s must be above 0 and finite, but is %s".formatted(name, rule, value));
    }
  }

  static void every(String rule, int updates) {
    if (updates < 1) {
      throw new IllegalArgumentException(
          "%s must renew its preconditioners every 1 or more updates, but is to do so every %d"
              .formatted(rule, updates));
    }
  }

  static void decay(String rule, String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s of %s must be at least 0 and below 1, but is %s".formatted(name, rule, value));
    }
  }
}
