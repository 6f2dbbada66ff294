package org.widthwise.core.plan;

/** Checks of the numbers of a recipe. */
final class Checks {

  private Checks() {}

  /** A number that is above 0 and finite, or an error that says what it is. */
  static double positive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the %s must be above 0 and finite, but is %s".formatted(what, value));
    }
    return value;
  }
}
