package org.widthwise.lab.plot;

import java.util.List;
import java.util.Optional;

/**
 * One axis of a {@link Panel}. Without limits the axis covers its data with some padding, as far as
 * magnitudes from 10⁻³⁰⁰ to 10³⁰⁰ go; without ticks it chooses them: the data's own x values where
 * these are few, otherwise round numbers.
 *
 * @param label what is plotted, with its unit if it has one; may be empty
 * @param scale how values are laid out
 * @param limits the ends of the axis, or empty to fit the data
 * @param ticks the values to mark, or an empty list to choose them; those outside the limits are
 *     not drawn
 */
public record Axis(String label, Scale scale, Optional<Limits> limits, List<Double> ticks) {

  /**
   * The two ends of an axis.
   *
   * @param low the left or bottom end
   * @param high the right or top end
   */
  public record Limits(double low, double high) {
    /**
     * Checks the ends.
     *
     * @param low the left or bottom end
     * @param high the right or top end
     * @throws IllegalArgumentException unless both are finite and {@code low < high}
     */
    public Limits {
      if (!(Double.isFinite(low) && Double.isFinite(high) && low < high)) {
        throw new IllegalArgumentException(
            "Axis limits must be finite and increasing, but are " + low + " and " + high + ".");
      }
    }
  }

  /**
   * Checks the parts and copies the list.
   *
   * @param label what is plotted, with its unit if it has one; may be empty
   * @param scale how values are laid out
   * @param limits the ends of the axis, or empty to fit the data
   * @param ticks the values to mark, or an empty list to choose them; those outside the limits are
   *     not drawn
   * @throws IllegalArgumentException if a logarithmic axis is to begin at or below zero
   */
  public Axis {
    ticks = List.copyOf(ticks);
    if (limits.isPresent() && !scale.accepts(limits.get().low())) {
      throw new IllegalArgumentException(
          "A logarithmic axis must begin above zero, not at " + limits.get().low() + ".");
    }
  }

  /**
   * A linear axis that fits its data.
   *
   * @param label what is plotted
   * @return the axis
   */
  public static Axis linear(String label) {
    return new Axis(label, Scale.LINEAR, Optional.empty(), List.of());
  }

  /**
   * A logarithmic axis with ticks at powers of ten that fits its data.
   *
   * @param label what is plotted
   * @return the axis
   */
  public static Axis log10(String label) {
    return new Axis(label, Scale.LOG10, Optional.empty(), List.of());
  }

  /**
   * A logarithmic axis with ticks at powers of two that fits its data.
   *
   * @param label what is plotted
   * @return the axis
   */
  public static Axis log2(String label) {
    return new Axis(label, Scale.LOG2, Optional.empty(), List.of());
  }

  /**
   * This axis with fixed ends.
   *
   * @param low the left or bottom end
   * @param high the right or top end
   * @return the new axis
   * @throws IllegalArgumentException unless {@code low < high}, both finite, and on a logarithmic
   *     axis positive
   */
  public Axis withLimits(double low, double high) {
    return new Axis(label, scale, Optional.of(new Limits(low, high)), ticks);
  }

  /**
   * This axis with given ticks.
   *
   * @param newTicks the values to mark
   * @return the new axis
   */
  public Axis withTicks(List<Double> newTicks) {
    return new Axis(label, scale, limits, newTicks);
  }
}
