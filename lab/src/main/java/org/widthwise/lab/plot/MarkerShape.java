package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;

/** The outlines of markers, sized to look equally large. */
final class MarkerShape {
  private static final int ROUND = 0;

  private MarkerShape() {}

  static boolean isHollow(Styles.Marker marker) {
    return switch (marker) {
      case HOLLOW_CIRCLE, HOLLOW_SQUARE, HOLLOW_DIAMOND -> true;
      case CIRCLE, SQUARE, TRIANGLE_UP, DIAMOND, TRIANGLE_DOWN -> false;
    };
  }

  static boolean isRound(Styles.Marker marker) {
    return corners(marker) == ROUND;
  }

  private static int corners(Styles.Marker marker) {
    return switch (marker) {
      case CIRCLE, HOLLOW_CIRCLE -> ROUND;
      case TRIANGLE_UP, TRIANGLE_DOWN -> 3;
      case SQUARE, DIAMOND, HOLLOW_SQUARE, HOLLOW_DIAMOND -> 4;
    };
  }

  /** The polygon of a marker that is not round. */
  static Outline outline(Styles.Marker marker, double x, double y, double radius) {
    int n = corners(marker);
    // A polygon of the circle's area, so that no series looks heavier than another.
    double reach = radius * Math.sqrt(2 * Math.PI / (n * Math.sin(2 * Math.PI / n)));
    double start =
        switch (marker) {
          case TRIANGLE_DOWN -> Math.PI / 2;
          case SQUARE, HOLLOW_SQUARE -> -Math.PI / 4;
          case CIRCLE, HOLLOW_CIRCLE, TRIANGLE_UP, DIAMOND, HOLLOW_DIAMOND -> -Math.PI / 2;
        };
    List<Outline.Point> points = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double angle = start + 2 * Math.PI * i / n;
      points.add(new Outline.Point(x + reach * Math.cos(angle), y + reach * Math.sin(angle)));
    }
    return Outline.closed(points);
  }
}
