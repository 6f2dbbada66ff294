package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the ends of axes from what is to be drawn between them. */
final class DataRange {
  private static final double PADDING_X = 0.045;
  private static final double PADDING_Y = 0.07;

  /** On a logarithmic axis a band may reach this factor past the lines before it is cut off. */
  private static final double LONGEST_BAND = 10;

  /** Near the ends of the range of double there is no room for padding. */
  private static final double LARGEST = 1e300;

  private DataRange() {}

  /** Whether a panel has any point that its axes can show. */
  static boolean hasData(Panel panel) {
    return panel.series().stream()
        .anyMatch(
            s ->
                s.points().stream().anyMatch(p -> drawable(panel, p.x(), p.mean()))
                    || s.samples().stream().anyMatch(p -> drawable(panel, p.x(), p.y())));
  }

  private static boolean drawable(Panel panel, double x, double y) {
    return panel.x().scale().accepts(x) && panel.y().scale().accepts(y);
  }

  static Axis.Limits horizontal(Panel panel) {
    return panel.x().limits().orElseGet(() -> padded(panel.x().scale(), xs(panel), PADDING_X));
  }

  static Axis.Limits vertical(Panel panel) {
    return panel.y().limits().orElseGet(() -> padded(panel.y().scale(), ys(panel), PADDING_Y));
  }

  /** The different abscissae of the lines. */
  static List<Double> distinctX(Panel panel) {
    TreeSet<Double> distinct = new TreeSet<>();
    for (Series series : panel.series()) {
      for (DataPoint point : series.points()) {
        if (drawable(panel, point.x(), point.mean())) {
          distinct.add(point.x());
        }
      }
    }
    return List.copyOf(distinct);
  }

  private static List<Double> xs(Panel panel) {
    List<Double> out = new ArrayList<>(distinctX(panel));
    for (Series series : panel.series()) {
      for (Sample sample : series.samples()) {
        if (drawable(panel, sample.x(), sample.y())) {
          out.add(sample.x());
        }
      }
    }
    return out;
  }

  private static List<Double> ys(Panel panel) {
    List<Double> lines = new ArrayList<>();
    List<Double> bands = new ArrayList<>();
    for (Series series : panel.series()) {
      for (DataPoint point : series.points()) {
        if (drawable(panel, point.x(), point.mean())) {
          lines.add(point.mean());
          bands.add(point.lower());
          bands.add(point.upper());
        }
      }
      for (Sample sample : series.samples()) {
        if (drawable(panel, sample.x(), sample.y())) {
          lines.add(sample.y());
        }
      }
    }
    if (!lines.isEmpty()) {
      lines.addAll(references(panel));
    }
    Scale scale = panel.y().scale();
    bands.removeIf(v -> !scale.accepts(v));
    if (scale.isLogarithmic() && !lines.isEmpty()) {
      double least = lines.stream().min(Double::compare).orElseThrow() / LONGEST_BAND;
      double most = lines.stream().max(Double::compare).orElseThrow() * LONGEST_BAND;
      bands.replaceAll(v -> Math.max(least, Math.min(most, v)));
    }
    bands.removeIf(v -> !scale.accepts(v));
    lines.addAll(bands);
    return lines;
  }

  /** Reference lines at both ends of the axis. */
  private static List<Double> references(Panel panel) {
    Axis.Limits x = horizontal(panel);
    return panel.references().stream()
        .flatMap(line -> Stream.of(line.at(x.low()), line.at(x.high())))
        .filter(panel.y().scale()::accepts)
        .toList();
  }

  private static Axis.Limits padded(Scale scale, List<Double> values, double padding) {
    if (values.isEmpty()) {
      return scale.isLogarithmic() ? new Axis.Limits(1, 10) : new Axis.Limits(0, 1);
    }
    double low = scale.forward(values.stream().min(Double::compare).orElseThrow());
    double high = scale.forward(values.stream().max(Double::compare).orElseThrow());
    double span = high - low;
    double margin = span * padding;
    double smallest = scale.isLogarithmic() ? 1e-6 : 1e-9 * Math.max(Math.abs(low), Math.abs(high));
    if (span <= smallest) {
      // All values are one: show it in the middle of an octave or of its own tenth.
      double own = Math.abs(low) > 1 / LARGEST ? 0.1 * Math.abs(low) : 0.5;
      margin = scale.isLogarithmic() ? Math.log(2) : own;
    }
    double least = scale.isLogarithmic() ? 1 / LARGEST : -LARGEST;
    double lowestTop = scale.isLogarithmic() ? 4 * least : least / 2;
    return new Axis.Limits(
        Math.max(least, Math.min(LARGEST / 4, scale.backward(low - margin))),
        Math.max(lowestTop, Math.min(LARGEST, scale.backward(high + margin))));
  }
}
