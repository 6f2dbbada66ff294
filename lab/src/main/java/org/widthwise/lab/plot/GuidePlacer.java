package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.plot.Outline.Point;

/**
 * Finds a free place near a series for a triangle or dashed line that shows a predicted slope:
 * tries many, and takes the one that covers least and lies nearest.
 */
final class GuidePlacer {
  private static final double[] RUNS = {0.30, 0.24, 0.18, 0.13};
  private static final double[] DISTANCES = {9, 13, 18, 25, 34, 46, 60};
  private static final int STARTS = 24;
  private static final double LABEL_SIZE = Layout.TICK_SIZE;
  private static final double CLEARANCE = 4.5;

  /** For each obstacle covered, in the unit of the other costs: about a step of distance. */
  private static final double COST_OF_COVER = 12;

  /** For standing between its own line and the others, where it might be taken for theirs. */
  private static final double COST_OF_INNER_SIDE = 6;

  /** A rise below this many hundredths of an inch is drawn as a dashed line. */
  private static final double LEAST_RISE = 5;

  /**
   * Where a guide goes.
   *
   * @param shape a closed triangle or an open line
   * @param label the words with the left end and baseline they are set at
   */
  record Placed(Outline shape, String label, double labelX, double labelY) {}

  private record Candidate(Placed placed, Rect labelBox, double cost) {}

  private final AxisView x;
  private final AxisView y;
  private final Rect area;
  private final Fonts fonts;
  private final List<Point> obstacles;
  private final double meanHeight;

  /** Sets up a panel; {@code obstacles} are points on whatever should stay uncovered. */
  GuidePlacer(
      AxisView x, AxisView y, Rect area, Fonts fonts, List<List<Point>> lines, List<Point> extra) {
    this.x = x;
    this.y = y;
    this.area = area;
    this.fonts = fonts;
    obstacles = new ArrayList<>(extra);
    lines.forEach(line -> obstacles.addAll(dense(line)));
    meanHeight = lines.stream().flatMap(List::stream).mapToDouble(Point::y).average().orElse(0);
  }

  static boolean canDraw(Panel panel) {
    return panel.x().scale().isLogarithmic() && panel.y().scale().isLogarithmic();
  }

  /** Places a guide beside a line and keeps later guides away from it. */
  Optional<Placed> place(SlopeGuide guide, List<Point> line) {
    if (line.isEmpty()) {
      return Optional.empty();
    }
    List<Point> fine = dense(line);
    double steepness = guide.slope() * y.lengthPerUnit() / x.lengthPerUnit();
    String label = Text.clean(guide.label());
    Candidate best = null;
    for (double share : RUNS) {
      double run = share * area.width();
      if (Math.abs(steepness * run) > 0.5 * area.height()) {
        continue;
      }
      for (int start = 0; start <= STARTS; start++) {
        double left = area.x() + (area.width() - run) * start / STARTS;
        for (double distance : DISTANCES) {
          for (boolean above : new boolean[] {true, false}) {
            double limit = best == null ? Double.POSITIVE_INFINITY : best.cost();
            Candidate tried = candidate(fine, left, run, steepness, distance, above, label, limit);
            if (tried != null && (best == null || tried.cost() < best.cost())) {
              best = tried;
            }
          }
        }
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    List<Point> drawn = new ArrayList<>(best.placed().shape().points());
    drawn.add(drawn.get(0));
    obstacles.addAll(dense(drawn));
    obstacles.addAll(inside(best.labelBox()));
    return Optional.of(best.placed());
  }

  private @Nullable Candidate candidate(
      List<Point> line,
      double left,
      double run,
      double steepness,
      double distance,
      boolean above,
      String label,
      double limit) {
    double right = left + run;
    double nearest = nearestOffset(line, left, right, steepness, above);
    if (Double.isNaN(nearest)) {
      return null;
    }
    double startY = nearest + (above ? -distance : distance);
    double endY = startY + steepness * run;
    boolean flat = Math.abs(endY - startY) < LEAST_RISE;
    Point start = new Point(left, startY);
    Point end = new Point(right, endY);
    // The right angle lies on the side away from the line.
    boolean falls = endY > startY;
    boolean cornerRight = falls == above;
    Point corner = cornerRight ? new Point(right, startY) : new Point(left, endY);
    Outline shape =
        flat ? Outline.open(List.of(start, end)) : Outline.closed(List.of(start, end, corner));
    double width = Text.width(label, fonts.regular(), LABEL_SIZE);
    double height = LABEL_SIZE * Layout.CAP_HEIGHT;
    double labelX;
    double baseline;
    if (flat) {
      labelX = (left + right - width) / 2;
      double edge = above ? Math.min(startY, endY) - 4 : Math.max(startY, endY) + 4 + height;
      baseline = edge;
    } else {
      labelX = cornerRight ? right + 4 : left - 4 - width;
      baseline = (startY + endY + height) / 2;
    }
    Rect box = new Rect(labelX, baseline - height, width, height);
    double inward = above == isUpper(line) ? 0 : COST_OF_INNER_SIDE;
    double cost = inward + cost(shape, box, distance, run, limit - inward);
    return new Candidate(new Placed(shape, label, labelX, baseline), box, cost);
  }

  /** Whether a line lies in the upper half of all there is. */
  private boolean isUpper(List<Point> line) {
    double own = line.stream().mapToDouble(Point::y).average().orElse(0);
    return own <= meanHeight;
  }

  /** The start ordinate at which the slanted line just touches the series from one side. */
  private static double nearestOffset(
      List<Point> line, double left, double right, double steepness, boolean above) {
    double best = Double.NaN;
    for (Point p : line) {
      if (p.x() >= left && p.x() <= right) {
        double startY = p.y() - steepness * (p.x() - left);
        if (Double.isNaN(best) || (above ? startY < best : startY > best)) {
          best = startY;
        }
      }
    }
    return best;
  }

  private static Rect bounds(Outline shape) {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (Point p : shape.points()) {
      left = Math.min(left, p.x());
      right = Math.max(right, p.x());
      top = Math.min(top, p.y());
      bottom = Math.max(bottom, p.y());
    }
    return new Rect(left, top, right - left, bottom - top);
  }

  /** What a place costs; counting stops at a limit, above which it is of no use. */
  private double cost(Outline shape, Rect label, double distance, double run, double limit) {
    double cost = distance * 0.25 + (RUNS[0] * area.width() - run) * 0.12;
    double middle = 0;
    for (Point p : shape.points()) {
      middle += p.x() / shape.points().size();
      cost += 1000 * outside(new Rect(p.x(), p.y(), 0, 0), 3);
    }
    cost += 1000 * outside(label, 2);
    // Theory speaks of large x, so the guide stands in the right half if it can.
    cost += Math.abs((middle - area.x()) / area.width() - 0.62) * 8;
    Rect room = label.grown(CLEARANCE);
    Rect around = bounds(shape).grown(CLEARANCE);
    for (Point p : obstacles) {
      if (cost >= limit) {
        return cost;
      }
      if (room.contains(p.x(), p.y())) {
        cost += COST_OF_COVER;
      }
      if (around.contains(p.x(), p.y()) && near(shape, p)) {
        cost += COST_OF_COVER;
      }
    }
    return cost;
  }

  private double outside(Rect box, double margin) {
    return Math.max(0, area.x() + margin - box.x())
        + Math.max(0, box.right() + margin - area.right())
        + Math.max(0, area.y() + margin - box.y())
        + Math.max(0, box.bottom() + margin - area.bottom());
  }

  private static boolean near(Outline shape, Point p) {
    List<Point> corners = shape.points();
    int n = corners.size();
    boolean inside = n == 3;
    int turn = 0;
    for (int i = 0; i < (n == 3 ? 3 : 1); i++) {
      Point a = corners.get(i);
      Point b = corners.get((i + 1) % n);
      if (distance(a, b, p) < CLEARANCE) {
        return true;
      }
      double cross = (b.x() - a.x()) * (p.y() - a.y()) - (b.y() - a.y()) * (p.x() - a.x());
      int side = (int) Math.signum(cross);
      inside &= turn == 0 || side == turn;
      turn = side;
    }
    return inside;
  }

  private static double distance(Point a, Point b, Point p) {
    double dx = b.x() - a.x();
    double dy = b.y() - a.y();
    double length = dx * dx + dy * dy;
    double share = length == 0 ? 0 : ((p.x() - a.x()) * dx + (p.y() - a.y()) * dy) / length;
    double t = Math.max(0, Math.min(1, share));
    return Math.hypot(a.x() + t * dx - p.x(), a.y() + t * dy - p.y());
  }

  /** A line's points with others between them, no more than a few units apart. */
  static List<Point> dense(List<Point> line) {
    List<Point> out = new ArrayList<>();
    for (int i = 0; i < line.size(); i++) {
      Point p = line.get(i);
      out.add(p);
      if (i + 1 < line.size()) {
        Point next = line.get(i + 1);
        int steps = (int) Math.ceil(Math.hypot(next.x() - p.x(), next.y() - p.y()) / 4);
        for (int k = 1; k < Math.min(steps, 500); k++) {
          double t = (double) k / steps;
          out.add(new Point(p.x() + t * (next.x() - p.x()), p.y() + t * (next.y() - p.y())));
        }
      }
    }
    return out;
  }

  private static List<Point> inside(Rect box) {
    List<Point> out = new ArrayList<>();
    for (double px = box.x(); px <= box.right(); px += 4) {
      for (double py = box.y(); py <= box.bottom(); py += 4) {
        out.add(new Point(px, py));
      }
    }
    return out;
  }
}
