package org.widthwise.lab.plot;

import java.util.List;

/** A polyline or, when closed, a polygon. */
record Outline(List<Point> points, boolean closed) {
  /** A place in the drawing; y grows downwards. */
  record Point(double x, double y) {}

  static Outline open(List<Point> points) {
    return new Outline(List.copyOf(points), false);
  }

  static Outline closed(List<Point> points) {
    return new Outline(List.copyOf(points), true);
  }

  static Outline line(double x1, double y1, double x2, double y2) {
    return open(List.of(new Point(x1, y1), new Point(x2, y2)));
  }
}
