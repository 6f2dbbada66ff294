package org.widthwise.sweep.store;

/**
 * A number that a trial measured.
 *
 * @param name what it is of
 * @param step after which step; 0 for before the first
 * @param value the number, finite
 */
public record Metric(String name, long step, double value) {

  /**
   * Checks the number.
   *
   * @param name what it is of
   * @param step after which step
   * @param value the number
   * @throws IllegalArgumentException if it is not finite
   */
  public Metric {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "a metric is a finite number, but %s after step %d is %s".formatted(name, step, value));
    }
  }
}
