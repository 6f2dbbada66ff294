package org.widthwise.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One figure per round. */
final class Samples {
  private final List<Double> values = new ArrayList<>();

  static Samples of(double... values) {
    Samples samples = new Samples();
    Arrays.stream(values).forEach(samples::add);
    return samples;
  }

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  double smallest() {
    return Collections.min(values);
  }

  double largest() {
    return Collections.max(values);
  }

  /** Round by round, this side over the other. */
  Samples over(Samples other) {
    Samples ratios = new Samples();
    for (int round = 0; round < values.size(); round++) {
      ratios.add(values.get(round) / other.values.get(round));
    }
    return ratios;
  }

  /** The median and, in brackets, the smallest and largest value; a dash if there are none. */
  @Override
  public String toString() {
    return isEmpty()
        ? "–"
        : "%s (%s–%s)".formatted(digits(median()), digits(smallest()), digits(largest()));
  }

  static String digits(double value) {
    return String.format(
        Locale.ROOT,
        value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f",
        value);
  }
}
