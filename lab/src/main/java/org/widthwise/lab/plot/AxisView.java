package org.widthwise.lab.plot;

/**
 * An axis with its ends and its place in the drawing.
 *
 * @param scale how values are laid out
 * @param low the value at {@code from}
 * @param high the value at {@code to}
 * @param from where the axis begins in the drawing
 * @param to where it ends; on a vertical axis less than {@code from}
 */
record AxisView(Scale scale, double low, double high, double from, double to) {
  double place(double value) {
    double start = scale.forward(low);
    double share = (scale.forward(value) - start) / (scale.forward(high) - start);
    return from + share * (to - from);
  }

  /** The place of a value, or of the end beyond which it lies. */
  double placeWithin(double value) {
    return place(Math.max(low, Math.min(high, value)));
  }

  double valueAt(double place) {
    double start = scale.forward(low);
    return scale.backward(start + (place - from) / (to - from) * (scale.forward(high) - start));
  }

  boolean shows(double value) {
    // Rounding in log and exp must not hide a point that lies on the very end.
    double slack = 1e-9 * Math.abs(to - from);
    return scale.accepts(value)
        && place(value) >= Math.min(from, to) - slack
        && place(value) <= Math.max(from, to) + slack;
  }

  /** How far the drawing moves for one unit of the uniform coordinate; negative upwards. */
  double lengthPerUnit() {
    return (to - from) / (scale.forward(high) - scale.forward(low));
  }
}
