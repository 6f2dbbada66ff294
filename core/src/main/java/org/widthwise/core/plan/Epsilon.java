package org.widthwise.core.plan;

/**
 * The global ε, and what stays the same about it when the width changes.
 *
 * @param value above 0 and finite
 */
record Epsilon(double value, EpsilonConvention convention) {

  Epsilon {
    Checks.positive("epsilon", value);
  }

  Epsilon withValue(double newValue) {
    return new Epsilon(newValue, convention);
  }

  Epsilon withConvention(EpsilonConvention newConvention) {
    return new Epsilon(value, newConvention);
  }
}
