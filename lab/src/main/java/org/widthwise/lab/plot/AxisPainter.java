package org.widthwise.lab.plot;

import java.util.List;

/** Draws grid, spines, ticks and the words at them. */
final class AxisPainter {
  private static final Canvas.Pen GRID = Canvas.Pen.solid(Ink.GRID, 0.6);
  private static final Canvas.Pen SPINE = Canvas.Pen.solid(Ink.TEXT, 0.8);
  private static final Canvas.Pen MINOR = Canvas.Pen.solid(Ink.TEXT, 0.5);
  private static final double LEAST_GAP = 5;

  private final Canvas canvas;
  private final Fonts fonts;
  private final PanelPlan plan;
  private final Rect area;
  private final AxisView x;
  private final AxisView y;

  AxisPainter(Canvas canvas, Fonts fonts, PanelPlan plan, Rect area, AxisView x, AxisView y) {
    this.canvas = canvas;
    this.fonts = fonts;
    this.plan = plan;
    this.area = area;
    this.x = x;
    this.y = y;
  }

  void drawGrid() {
    canvas.beginGroup("grid", "");
    for (double value : plan.xTicks().major()) {
      double at = x.place(value);
      canvas.stroke(Outline.line(at, area.y(), at, area.bottom()), GRID);
    }
    for (double value : plan.yTicks().major()) {
      double at = y.place(value);
      canvas.stroke(Outline.line(area.x(), at, area.right(), at), GRID);
    }
    canvas.endGroup();
  }

  void drawAxes() {
    canvas.beginGroup("axes", "");
    double foot = area.bottom();
    canvas.stroke(
        Outline.open(
            List.of(
                new Outline.Point(area.x(), area.y()),
                new Outline.Point(area.x(), foot),
                new Outline.Point(area.right(), foot))),
        SPINE);
    for (double value : plan.xTicks().major()) {
      double at = x.place(value);
      canvas.stroke(Outline.line(at, foot, at, foot + Layout.TICK_LENGTH), SPINE);
    }
    for (double value : plan.xTicks().minor()) {
      double at = x.place(value);
      canvas.stroke(Outline.line(at, foot, at, foot + Layout.TICK_LENGTH / 2), MINOR);
    }
    for (double value : plan.yTicks().major()) {
      double at = y.place(value);
      canvas.stroke(Outline.line(area.x() - Layout.TICK_LENGTH, at, area.x(), at), SPINE);
    }
    for (double value : plan.yTicks().minor()) {
      double at = y.place(value);
      canvas.stroke(Outline.line(area.x() - Layout.TICK_LENGTH / 2, at, area.x(), at), MINOR);
    }
    drawTickLabels();
    canvas.endGroup();
  }

  private void drawTickLabels() {
    Canvas.Lettering small = Canvas.Lettering.of(Ink.TEXT, Layout.TICK_SIZE);
    double baseline = area.bottom() + Layout.TICK_LENGTH + Layout.TICK_GAP + Layout.TICK_SIZE * 0.8;
    int every = labelEvery();
    List<Double> values = plan.xTicks().major();
    for (int i = 0; i < values.size(); i += every) {
      double at = x.place(values.get(i));
      Canvas.Lettering centred = small.anchored(Canvas.Anchor.MIDDLE);
      canvas.text(plan.xLabels().get(i), at, baseline, centred, false);
    }
    double right = area.x() - Layout.TICK_LENGTH - Layout.TICK_GAP;
    double lastTop = Double.POSITIVE_INFINITY;
    for (int i = 0; i < plan.yTicks().major().size(); i++) {
      double at = y.place(plan.yTicks().major().get(i));
      if (at > lastTop - Layout.TICK_SIZE) {
        continue;
      }
      lastTop = at;
      double below = at + Layout.TICK_SIZE * Layout.CAP_HEIGHT / 2;
      Canvas.Lettering flush = small.anchored(Canvas.Anchor.END);
      canvas.text(plan.yLabels().get(i), right, below, flush, false);
    }
  }

  /** Labels every so many horizontal ticks that no two labels touch. */
  private int labelEvery() {
    List<Double> values = plan.xTicks().major();
    for (int every = 1; every < values.size(); every++) {
      boolean fits = true;
      for (int i = every; i < values.size(); i += every) {
        double apart = x.place(values.get(i)) - x.place(values.get(i - every));
        fits &= apart >= (width(i) + width(i - every)) / 2 + LEAST_GAP;
      }
      if (fits) {
        return every;
      }
    }
    return Math.max(1, values.size());
  }

  private double width(int i) {
    return plan.xLabels().get(i).width(fonts.regular(), Layout.TICK_SIZE);
  }
}
