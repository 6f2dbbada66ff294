package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys to what is drawn: one row above the figure or, where panels disagree, above each panel.
 */
final class Legend {
  private static final double KEY_WIDTH = 26;
  private static final double KEY_GAP = 5;
  private static final double ENTRY_GAP = 18;
  static final double ROW_HEIGHT = Layout.LABEL_SIZE * 1.5;

  /** What a key shows. */
  private enum Kind {
    SERIES,
    BAND,
    FIT,
    GUIDE
  }

  private record Entry(Kind kind, int style, String label) {}

  private final Fonts fonts;
  private final List<List<Entry>> rows;

  private Legend(List<Entry> entries, Fonts fonts, double width) {
    this.fonts = fonts;
    rows = new ArrayList<>();
    double used = 0;
    for (Entry entry : entries) {
      double own = width(entry, width);
      if (rows.isEmpty() || used + own > width) {
        rows.add(new ArrayList<>());
        used = 0;
      }
      rows.get(rows.size() - 1).add(entry);
      used += own + ENTRY_GAP;
    }
  }

  /** Whether one legend can serve all panels: no style stands for two names, and no name twice. */
  static boolean canBeShared(List<Panel> panels) {
    Map<Integer, String> names = new LinkedHashMap<>();
    Map<String, Integer> styles = new LinkedHashMap<>();
    for (Panel panel : panels) {
      for (Series series : named(panel)) {
        String oldName = names.putIfAbsent(series.style(), series.label());
        Integer oldStyle = styles.putIfAbsent(series.label(), series.style());
        if ((oldName != null && !oldName.equals(series.label()))
            || (oldStyle != null && oldStyle != series.style())) {
          return false;
        }
      }
    }
    return true;
  }

  /** The series of some panels, and the meaning of whatever else they draw. */
  static Legend full(List<Panel> panels, String bandLabel, Fonts fonts, double width) {
    List<Entry> entries = new ArrayList<>(seriesEntries(panels));
    entries.addAll(commonEntries(panels, bandLabel));
    return new Legend(entries, fonts, width);
  }

  /** The series alone. */
  static Legend ofSeries(Panel panel, Fonts fonts, double width) {
    return new Legend(seriesEntries(List.of(panel)), fonts, width);
  }

  /** The meaning of bands, fits and guides alone. */
  static Legend ofMeanings(List<Panel> panels, String bandLabel, Fonts fonts, double width) {
    return new Legend(commonEntries(panels, bandLabel), fonts, width);
  }

  private static List<Series> named(Panel panel) {
    return panel.series().stream().filter(s -> !Text.clean(s.label()).isEmpty()).toList();
  }

  private static List<Entry> seriesEntries(List<Panel> panels) {
    Set<Entry> entries = new LinkedHashSet<>();
    for (Panel panel : panels) {
      for (Series series : named(panel)) {
        entries.add(new Entry(Kind.SERIES, series.style(), Text.clean(series.label())));
      }
    }
    return List.copyOf(entries);
  }

  private static List<Entry> commonEntries(List<Panel> panels, String bandLabel) {
    List<Entry> entries = new ArrayList<>();
    boolean bands =
        panels.stream()
            .flatMap(p -> p.series().stream())
            .flatMap(s -> s.points().stream())
            .anyMatch(p -> p.upper() > p.lower());
    if (bands && !Text.clean(bandLabel).isEmpty()) {
      entries.add(new Entry(Kind.BAND, 0, Text.clean(bandLabel)));
    }
    if (panels.stream().anyMatch(p -> !p.fits().isEmpty())) {
      entries.add(new Entry(Kind.FIT, 0, "fitted power law"));
    }
    if (panels.stream().anyMatch(p -> GuidePlacer.canDraw(p) && !p.guides().isEmpty())) {
      entries.add(new Entry(Kind.GUIDE, 0, "predicted slope"));
    }
    return entries;
  }

  double height() {
    return rows.size() * ROW_HEIGHT;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  private double width(Entry entry, double limit) {
    double text = Text.width(entry.label(), fonts.regular(), Layout.LABEL_SIZE);
    return Math.min(limit, KEY_WIDTH + KEY_GAP + text);
  }

  void draw(Canvas canvas, double x, double y, double width) {
    canvas.beginGroup("legend", "");
    double baseline = y + Layout.LABEL_SIZE;
    for (List<Entry> row : rows) {
      double left = x;
      for (Entry entry : row) {
        double middle = baseline - Layout.LABEL_SIZE * Layout.CAP_HEIGHT / 2;
        drawKey(canvas, entry, left, middle);
        String label = entry.label();
        double size = Layout.LABEL_SIZE;
        double room = width - KEY_WIDTH - KEY_GAP;
        // A single name wider than the figure is set smaller rather than cut.
        size = Math.min(size, size * room / Text.width(label, fonts.regular(), size));
        Canvas.Lettering lettering = Canvas.Lettering.of(Ink.TEXT, size);
        double start = left + KEY_WIDTH + KEY_GAP;
        canvas.text(Text.plain(label), start, baseline, lettering, false);
        left += width(entry, width) + ENTRY_GAP;
      }
      baseline += ROW_HEIGHT;
    }
    canvas.endGroup();
  }

  private static void drawKey(Canvas canvas, Entry entry, double x, double y) {
    double right = x + KEY_WIDTH;
    double middle = x + KEY_WIDTH / 2;
    Ink ink = Styles.ink(entry.style());
    switch (entry.kind()) {
      case SERIES -> {
        Canvas.Pen pen = new Canvas.Pen(ink, Layout.LINE_WIDTH, 1, Styles.dash(entry.style()));
        canvas.stroke(Outline.line(x, y, right, y), pen);
        canvas.marker(entry.style(), middle, y, Layout.MARKER_RADIUS, "");
      }
      case BAND -> canvas.fill(box(x + 2, y - 4, right - 2, y + 4), Ink.MUTED, 0.3);
      case FIT -> canvas.stroke(Outline.line(x, y, right, y), PanelPainter.fitPen(Ink.MUTED));
      case GUIDE -> {
        Outline triangle =
            Outline.closed(
                List.of(
                    new Outline.Point(middle - 9, y - 4),
                    new Outline.Point(middle + 9, y - 4),
                    new Outline.Point(middle + 9, y + 4)));
        canvas.fill(triangle, Ink.MUTED, 0.12);
        canvas.stroke(triangle, Canvas.Pen.solid(Ink.MUTED, 0.9));
      }
    }
  }

  private static Outline box(double left, double top, double right, double bottom) {
    return Outline.closed(
        List.of(
            new Outline.Point(left, top),
            new Outline.Point(right, top),
            new Outline.Point(right, bottom),
            new Outline.Point(left, bottom)));
  }
}
