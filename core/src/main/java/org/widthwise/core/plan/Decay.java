package org.widthwise.core.plan;

/**
 * The global weight decay, and what stays the same about it when the width changes.
 *
 * @param value at least 0 and finite
 */
record Decay(double value, WeightDecayConvention convention) {

  Decay {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the weight decay must be at least 0 and finite, but is " + value);
    }
  }
}
