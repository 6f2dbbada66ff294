package org.widthwise.lab.plot;

import java.util.Comparator;
import java.util.List;

/**
 * One line of a {@link Panel}, with its markers and band.
 *
 * @param label the name in the legend; with an empty name the series is left out of it
 * @param style which colour, marker and dash pattern to use: 0, 1, …; eight differ, then they
 *     repeat
 * @param points the line, sorted by {@code x} on construction; may be empty
 * @param samples single measurements; may be empty
 */
public record Series(String label, int style, List<DataPoint> points, List<Sample> samples) {
  /**
   * Checks the style and sorts the points.
   *
   * @param label the name in the legend; with an empty name the series is left out of it
   * @param style which colour, marker and dash pattern to use: 0, 1, …; eight differ, then they
   *     repeat
   * @param points the line, sorted by {@code x} on construction; may be empty
   * @param samples single measurements; may be empty
   * @throws IllegalArgumentException if {@code style} is negative
   */
  public Series {
    Styles.requireValid(style);
    points = points.stream().sorted(Comparator.comparingDouble(DataPoint::x)).toList();
    samples = List.copyOf(samples);
  }

  /**
   * A series without single measurements.
   *
   * @param label the name in the legend
   * @param style which colour, marker and dash pattern to use
   * @param points the line
   * @return the series
   * @throws IllegalArgumentException if {@code style} is negative
   */
  public static Series of(String label, int style, List<DataPoint> points) {
    return new Series(label, style, points, List.of());
  }

  /**
   * This series with its single measurements.
   *
   * @param newSamples the measurements
   * @return the new series
   */
  public Series withSamples(List<Sample> newSamples) {
    return new Series(label, style, points, newSamples);
  }
}
