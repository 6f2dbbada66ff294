package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.plot.Outline.Point;

/** Draws what lies between the axes of a panel. */
final class PanelPainter {
  private static final int FIT_STEPS = 64;
  private static final double REFERENCE_LABEL_AT = 0.11;

  private final Canvas canvas;
  private final Fonts fonts;
  private final PanelPlan plan;
  private final Rect area;
  private final AxisView x;
  private final AxisView y;

  PanelPainter(Canvas canvas, Fonts fonts, PanelPlan plan, Rect area) {
    this.canvas = canvas;
    this.fonts = fonts;
    this.plan = plan;
    this.area = area;
    Panel panel = plan.panel();
    x = new AxisView(panel.x().scale(), plan.x().low(), plan.x().high(), area.x(), area.right());
    y = new AxisView(panel.y().scale(), plan.y().low(), plan.y().high(), area.bottom(), area.y());
  }

  static Canvas.Pen fitPen(Ink ink) {
    return Canvas.Pen.solid(ink, 0.8);
  }

  void draw() {
    AxisPainter axes = new AxisPainter(canvas, fonts, plan, area, x, y);
    axes.drawGrid();
    Panel panel = plan.panel();
    canvas.beginClip(area);
    for (Series series : panel.series()) {
      drawBand(series);
    }
    for (ReferenceLine reference : panel.references()) {
      drawReference(reference);
    }
    for (FitLine fit : panel.fits()) {
      drawFit(fit);
    }
    for (Series series : panel.series()) {
      drawSamples(series);
      drawLine(series);
    }
    canvas.endClip();
    panel.references().forEach(this::nameReference);
    drawGuides();
    axes.drawAxes();
    // Markers come last and unclipped: one on an axis shows whole.
    for (Series series : panel.series()) {
      drawMarkers(series);
    }
    if (!DataRange.hasData(panel)) {
      Canvas.Lettering centred =
          Canvas.Lettering.of(Ink.MUTED, Layout.LABEL_SIZE).anchored(Canvas.Anchor.MIDDLE);
      double middle = area.x() + area.width() / 2;
      canvas.text(Text.plain("no data"), middle, area.y() + area.height() / 2, centred, false);
    }
  }

  /** The longest stretches of points that the axes have a place for. */
  private List<List<DataPoint>> stretches(Series series, boolean banded) {
    List<List<DataPoint>> out = new ArrayList<>();
    boolean open = false;
    for (DataPoint p : series.points()) {
      boolean drawable = x.scale().accepts(p.x()) && y.scale().accepts(p.mean());
      boolean hasBand =
          Double.isFinite(p.lower()) && y.scale().accepts(p.upper()) && p.lower() <= p.upper();
      if (!drawable || (banded && !hasBand)) {
        open = false;
        continue;
      }
      if (!open) {
        out.add(new ArrayList<>());
        open = true;
      }
      out.get(out.size() - 1).add(p);
    }
    return out;
  }

  /** Where a lower end goes that the axis has no place for: just below the panel. */
  private double floorOr(double value) {
    return y.scale().accepts(value) ? y.place(value) : area.bottom() + 1;
  }

  private void drawBand(Series series) {
    Ink ink = Styles.ink(series.style());
    canvas.beginGroup("band", series.label());
    for (List<DataPoint> stretch : stretches(series, true)) {
      if (stretch.stream().noneMatch(p -> p.lower() < p.upper())) {
        continue;
      }
      List<Point> upper = new ArrayList<>();
      List<Point> lower = new ArrayList<>();
      for (DataPoint p : stretch) {
        double at = x.place(p.x());
        upper.add(new Point(at, y.place(p.upper())));
        lower.add(0, new Point(at, floorOr(p.lower())));
      }
      if (stretch.size() == 1) {
        Canvas.Pen bar = new Canvas.Pen(ink, 4, 2 * Layout.BAND_OPACITY, List.of());
        canvas.stroke(Outline.open(List.of(upper.get(0), lower.get(0))), bar);
        continue;
      }
      upper.addAll(lower);
      canvas.fill(Outline.closed(upper), ink, Layout.BAND_OPACITY);
    }
    canvas.endGroup();
  }

  private void drawFit(FitLine fit) {
    List<Point> points = new ArrayList<>();
    if (!(fit.fromX() > 0 && fit.toX() > fit.fromX() && Double.isFinite(fit.toX()))) {
      return;
    }
    for (int i = 0; i <= FIT_STEPS; i++) {
      double at = fit.fromX() * Math.pow(fit.toX() / fit.fromX(), (double) i / FIT_STEPS);
      if (x.scale().accepts(at) && y.scale().accepts(fit.at(at))) {
        points.add(new Point(x.place(at), y.place(fit.at(at))));
      }
    }
    if (points.size() < 2) {
      return;
    }
    boolean straight = GuidePlacer.canDraw(plan.panel());
    List<Point> drawn = straight ? List.of(points.get(0), points.get(points.size() - 1)) : points;
    canvas.beginGroup("fit", "");
    canvas.stroke(Outline.open(drawn), fitPen(Styles.ink(fit.style())));
    canvas.endGroup();
  }

  private void drawReference(ReferenceLine reference) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= FIT_STEPS; i++) {
      double at = x.scale().between(plan.x(), (double) i / FIT_STEPS);
      if (y.scale().accepts(reference.at(at))) {
        points.add(new Point(x.place(at), y.place(reference.at(at))));
      }
    }
    if (points.size() > 1) {
      canvas.beginGroup("reference", reference.label());
      canvas.stroke(Outline.open(points), new Canvas.Pen(Ink.MUTED, 1, 1, List.of(5.0, 3.5)));
      canvas.endGroup();
    }
  }

  /**
   * The name stands on the line, between the first points; or hangs under it where it is at the
   * very top.
   */
  private void nameReference(ReferenceLine reference) {
    double at = x.scale().between(plan.x(), REFERENCE_LABEL_AT);
    if (!y.shows(reference.at(at))) {
      return;
    }
    double height = y.place(reference.at(at));
    boolean atTop = height - area.y() < Layout.TICK_SIZE;
    double baseline = atTop ? height + Layout.TICK_SIZE : height - Layout.TICK_GAP;
    Canvas.Lettering muted = Canvas.Lettering.of(Ink.MUTED, Layout.TICK_SIZE);
    canvas.text(Text.plain(Text.clean(reference.label())), x.place(at), baseline, muted, false);
  }

  private void drawSamples(Series series) {
    if (series.samples().isEmpty()) {
      return;
    }
    canvas.beginGroup("samples", series.label());
    canvas.discs(samplePoints(series), 1.3, Styles.ink(series.style()), 0.35);
    canvas.endGroup();
  }

  private List<Point> samplePoints(Series series) {
    return series.samples().stream()
        .filter(s -> x.shows(s.x()) && y.shows(s.y()))
        .map(s -> new Point(x.place(s.x()), y.place(s.y())))
        .toList();
  }

  private void drawLine(Series series) {
    canvas.beginGroup("line", series.label());
    List<Double> dash = Styles.dash(series.style());
    Canvas.Pen pen = new Canvas.Pen(Styles.ink(series.style()), Layout.LINE_WIDTH, 1, dash);
    for (List<Point> points : linePoints(series)) {
      if (points.size() > 1) {
        canvas.stroke(Outline.open(points), pen);
      }
    }
    canvas.endGroup();
  }

  private List<List<Point>> linePoints(Series series) {
    return stretches(series, false).stream()
        .map(s -> s.stream().map(p -> new Point(x.place(p.x()), y.place(p.mean()))).toList())
        .toList();
  }

  private void drawMarkers(Series series) {
    canvas.beginGroup("series", series.label());
    for (DataPoint p : series.points()) {
      if (x.shows(p.x()) && y.shows(p.mean())) {
        String hint = series.label() + ": " + words(p);
        canvas.marker(
            series.style(), x.place(p.x()), y.place(p.mean()), Layout.MARKER_RADIUS, hint);
      }
    }
    canvas.endGroup();
  }

  private static String words(DataPoint p) {
    String mean = TickLabels.shortForm(p.x()) + ", " + TickLabels.shortForm(p.mean());
    return p.lower() < p.upper()
        ? mean
            + " ("
            + TickLabels.shortForm(p.lower())
            + " to "
            + TickLabels.shortForm(p.upper())
            + ")"
        : mean;
  }

  private void drawGuides() {
    Panel panel = plan.panel();
    if (!GuidePlacer.canDraw(panel) || panel.guides().isEmpty()) {
      return;
    }
    List<List<Point>> lines = new ArrayList<>();
    List<Point> extra = new ArrayList<>();
    for (Series series : panel.series()) {
      extra.addAll(samplePoints(series));
      lines.addAll(linePoints(series));
      for (List<DataPoint> stretch : stretches(series, true)) {
        for (DataPoint p : stretch) {
          extra.add(new Point(x.place(p.x()), y.place(p.upper())));
          extra.add(new Point(x.place(p.x()), floorOr(p.lower())));
        }
      }
    }
    GuidePlacer placer = new GuidePlacer(x, y, area, fonts, lines, extra);
    for (SlopeGuide guide : panel.guides()) {
      List<Point> line =
          panel.series().stream()
              .filter(s -> s.style() == guide.style())
              .flatMap(s -> linePoints(s).stream().flatMap(List::stream))
              .toList();
      placer.place(guide, line).ifPresent(placed -> drawGuide(guide.style(), placed));
    }
  }

  private void drawGuide(int style, GuidePlacer.Placed placed) {
    Ink ink = Styles.ink(style);
    canvas.beginGroup("guide", placed.label());
    if (placed.shape().closed()) {
      canvas.fill(placed.shape(), ink, 0.1);
      canvas.stroke(placed.shape(), Canvas.Pen.solid(ink, 0.9));
    } else {
      canvas.stroke(placed.shape(), new Canvas.Pen(ink, 1.1, 1, List.of(4.0, 2.5)));
    }
    Canvas.Lettering lettering = Canvas.Lettering.of(Ink.TEXT, Layout.TICK_SIZE);
    canvas.text(Text.plain(placed.label()), placed.labelX(), placed.labelY(), lettering, false);
    canvas.endGroup();
  }
}
