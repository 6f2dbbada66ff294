package org.widthwise.lab.plot;

/** How values are laid along an {@link Axis}. */
public enum Scale {
  /** Equal differences take equal lengths. */
  LINEAR,
  /** Equal ratios take equal lengths; ticks at powers of ten. Values must be positive. */
  LOG10,
  /** Equal ratios take equal lengths; ticks at powers of two. Values must be positive. */
  LOG2;

  /**
   * Says whether equal ratios take equal lengths.
   *
   * @return true for {@link #LOG10} and {@link #LOG2}
   */
  public boolean isLogarithmic() {
    return this != LINEAR;
  }

  /**
   * Says whether the scale has a place for a value.
   *
   * @param value any number
   * @return true when {@code value} is finite and, on a logarithmic scale, positive
   */
  public boolean accepts(double value) {
    return Double.isFinite(value) && (this == LINEAR || value > 0);
  }

  /** The coordinate in which this scale is uniform: the value or its natural logarithm. */
  double forward(double value) {
    return isLogarithmic() ? Math.log(value) : value;
  }

  /** Undoes {@link #forward}. */
  double backward(double coordinate) {
    return isLogarithmic() ? Math.exp(coordinate) : coordinate;
  }

  /** The value at a share of the way from one end of an axis to the other. */
  double between(Axis.Limits ends, double share) {
    double low = forward(ends.low());
    return backward(low + share * (forward(ends.high()) - low));
  }
}
