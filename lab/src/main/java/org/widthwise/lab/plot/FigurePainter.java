package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lays out a figure and draws it on any canvas. */
final class FigurePainter {
  private static final double PLOT_ASPECT = 0.70;
  private static final double LEAST_PLOT_WIDTH = 90;

  private final Figure figure;
  private final Fonts fonts;
  private final int columns;
  private final int rows;
  private final double width;
  private final List<PanelPlan> plans = new ArrayList<>();
  private final boolean sharedLegend;
  private final double plotWidth;
  private final double plotHeight;
  private final double[] gutters;
  private final boolean notesFromCell;
  private final Legend legend;
  private final double headHeight;
  private final double[] rowHeads;
  private final double[] rowFeet;
  private final List<String> captionLines;

  FigurePainter(Figure figure, Fonts fonts) {
    this(figure, fonts, Layout.figureWidth(Math.min(figure.columns(), figure.panels().size())));
  }

  FigurePainter(Figure figure, Fonts fonts, double width) {
    this.figure = figure;
    this.fonts = fonts;
    columns = Math.min(figure.columns(), figure.panels().size());
    rows = (figure.panels().size() + columns - 1) / columns;
    this.width = width;
    figure.panels().forEach(panel -> plans.add(PanelPlan.of(panel, fonts)));
    sharedLegend = Legend.canBeShared(figure.panels());
    double inner = width - 2 * Layout.MARGIN;
    legend =
        sharedLegend
            ? Legend.full(figure.panels(), figure.bandLabel(), fonts, inner)
            : Legend.ofMeanings(figure.panels(), figure.bandLabel(), fonts, inner);

    // How a vertical label breaks depends on the height, which depends on the label's lines.
    double[] first = gutters(Double.POSITIVE_INFINITY);
    gutters = gutters(plotWidth(first) * PLOT_ASPECT);
    plotWidth = plotWidth(gutters);
    plotHeight = plotWidth * PLOT_ASPECT;
    notesFromCell =
        plans.stream().anyMatch(p -> NotesBlock.tableWidth(p.panel().notes(), fonts) > plotWidth);

    captionLines = wrapAll(figure.caption(), Layout.CAPTION_SIZE, inner);
    headHeight = headHeight(inner);
    rowHeads = new double[rows];
    rowFeet = new double[rows];
    for (int i = 0; i < plans.size(); i++) {
      int row = i / columns;
      rowHeads[row] = Math.max(rowHeads[row], panelHead(i));
      rowFeet[row] = Math.max(rowFeet[row], panelFoot(i));
    }
  }

  double width() {
    return width;
  }

  double height() {
    double total = Layout.MARGIN + headHeight + Layout.ROW_GAP * (rows - 1) + Layout.MARGIN;
    for (int row = 0; row < rows; row++) {
      total += rowHeads[row] + plotHeight + rowFeet[row];
    }
    return total + captionHeight();
  }

  private double captionHeight() {
    return captionLines.isEmpty()
        ? 0
        : 12 + captionLines.size() * Layout.CAPTION_SIZE * Layout.LEADING;
  }

  private List<String> wrapAll(List<String> lines, double size, double limit) {
    List<String> out = new ArrayList<>();
    lines.forEach(line -> out.addAll(Text.wrap(line, fonts.regular(), size, limit)));
    return out;
  }

  private List<String> titleLines(double inner) {
    return Text.wrap(figure.title(), fonts.bold(), Layout.TITLE_SIZE, inner);
  }

  private double headHeight(double inner) {
    double height = titleLines(inner).size() * Layout.TITLE_SIZE * Layout.LEADING;
    height +=
        wrapAll(figure.subtitle(), Layout.LABEL_SIZE, inner).size()
            * Layout.LABEL_SIZE
            * Layout.LEADING;
    height += legend.isEmpty() ? 0 : legend.height() + 6;
    return height == 0 ? 0 : height + 6;
  }

  private double[] gutters(double height) {
    double[] out = new double[columns];
    for (int i = 0; i < plans.size(); i++) {
      double label = yLabelLines(i, height).size() * Layout.LABEL_SIZE * Layout.LEADING;
      double gap = label > 0 ? Layout.LABEL_GAP : 0;
      double ticks = tickGutter(i % columns);
      // The letter stands in the gutter.
      out[i % columns] = Math.max(Math.max(out[i % columns], 18), label + gap + ticks);
    }
    return out;
  }

  /** The room of the tick labels of a column, so that its axis labels line up. */
  private double tickGutter(int column) {
    double widest = 0;
    for (int i = column; i < plans.size(); i += columns) {
      widest = Math.max(widest, plans.get(i).yLabelWidth());
    }
    return widest + Layout.TICK_GAP + Layout.TICK_LENGTH;
  }

  private double plotWidth(double[] gutterWidths) {
    double left = width - 2 * Layout.MARGIN - Layout.COLUMN_GAP * (columns - 1);
    for (double gutter : gutterWidths) {
      left -= gutter;
    }
    return Math.max(LEAST_PLOT_WIDTH, left / columns);
  }

  private List<String> yLabelLines(int i, double height) {
    String label = plans.get(i).panel().y().label();
    return Text.wrap(label, fonts.regular(), Layout.LABEL_SIZE, height);
  }

  private List<String> panelTitle(int i) {
    String title = plans.get(i).panel().title();
    return Text.wrap(title, fonts.regular(), Layout.PANEL_TITLE_SIZE, plotWidth);
  }

  private double panelHead(int i) {
    Panel panel = plans.get(i).panel();
    int lines = Math.max(panelTitle(i).size(), Text.clean(panel.letter()).isEmpty() ? 0 : 1);
    double height = lines == 0 ? 4 : lines * Layout.PANEL_TITLE_SIZE * Layout.LEADING + 6;
    return height + (sharedLegend ? 0 : panelLegend(i).height() + 4);
  }

  private Legend panelLegend(int i) {
    return Legend.ofSeries(plans.get(i).panel(), fonts, plotWidth);
  }

  private List<String> xLabelLines(int i) {
    String label = plans.get(i).panel().x().label();
    return Text.wrap(label, fonts.regular(), Layout.LABEL_SIZE, plotWidth);
  }

  private double axisFoot(int i) {
    double ticks = Layout.TICK_LENGTH + Layout.TICK_GAP + Layout.TICK_SIZE;
    return ticks + 4 + xLabelLines(i).size() * Layout.LABEL_SIZE * Layout.LEADING;
  }

  private double panelFoot(int i) {
    double notes = notes(i).height();
    return axisFoot(i) + (notes > 0 ? notes + 5 : 0);
  }

  private NotesBlock notes(int i) {
    double room = plotWidth + (notesFromCell ? gutters[i % columns] : 0);
    return NotesBlock.of(plans.get(i).panel().notes(), fonts, room);
  }

  void draw(Canvas canvas) {
    canvas.fill(
        Outline.closed(
            List.of(
                new Outline.Point(0, 0),
                new Outline.Point(width, 0),
                new Outline.Point(width, height()),
                new Outline.Point(0, height()))),
        Ink.PAPER,
        1);
    drawHead(canvas);
    double top = Layout.MARGIN + headHeight;
    for (int row = 0; row < rows; row++) {
      double left = Layout.MARGIN;
      for (int column = 0; column < columns; column++) {
        int i = row * columns + column;
        left += gutters[column];
        if (i < plans.size()) {
          drawPanel(canvas, i, left, top);
        }
        left += plotWidth + Layout.COLUMN_GAP;
      }
      top += rowHeads[row] + plotHeight + rowFeet[row] + Layout.ROW_GAP;
    }
    Canvas.Lettering small = Canvas.Lettering.of(Ink.MUTED, Layout.CAPTION_SIZE);
    double captionTop = height() - Layout.MARGIN - captionHeight() + 12;
    drawLines(canvas, captionLines, Text::plain, Layout.MARGIN, captionTop, small);
  }

  private void drawHead(Canvas canvas) {
    double inner = width - 2 * Layout.MARGIN;
    Canvas.Lettering bold = Canvas.Lettering.of(Ink.TEXT, Layout.TITLE_SIZE).asBold();
    double y =
        drawLines(canvas, titleLines(inner), Text::formula, Layout.MARGIN, Layout.MARGIN, bold);
    Canvas.Lettering plain = Canvas.Lettering.of(Ink.MUTED, Layout.LABEL_SIZE);
    List<String> subtitle = wrapAll(figure.subtitle(), Layout.LABEL_SIZE, inner);
    y = drawLines(canvas, subtitle, Text::formula, Layout.MARGIN, y, plain);
    if (!legend.isEmpty()) {
      legend.draw(canvas, Layout.MARGIN, y + 6, inner);
    }
  }

  /** Sets lines under each other and returns where the next would begin. */
  private static double drawLines(
      Canvas canvas,
      List<String> lines,
      Function<String, Text> set,
      double x,
      double top,
      Canvas.Lettering lettering) {
    double y = top;
    for (String line : lines) {
      canvas.text(set.apply(line), x, y + lettering.size(), lettering, false);
      y += lettering.size() * Layout.LEADING;
    }
    return y;
  }

  private void drawPanel(Canvas canvas, int i, double left, double top) {
    PanelPlan plan = plans.get(i);
    Panel panel = plan.panel();
    double gutter = gutters[i % columns];
    canvas.beginGroup("panel", panel.letter());
    Canvas.Lettering heading = Canvas.Lettering.of(Ink.TEXT, Layout.PANEL_TITLE_SIZE);
    drawLines(canvas, List.of(panel.letter()), Text::plain, left - gutter, top, heading.asBold());
    double y = drawLines(canvas, panelTitle(i), Text::formula, left, top, heading);
    if (!sharedLegend) {
      panelLegend(i).draw(canvas, left, y + 2, plotWidth);
    }
    Rect area = new Rect(left, top + rowHeads[i / columns], plotWidth, plotHeight);
    new PanelPainter(canvas, fonts, plan, area).draw();
    drawAxisLabels(canvas, i, area);
    double notesLeft = left - (notesFromCell ? gutter : 0);
    notes(i).draw(canvas, notesLeft, area.bottom() + axisFoot(i) + 5);
    canvas.endGroup();
  }

  private void drawAxisLabels(Canvas canvas, int i, Rect area) {
    Canvas.Lettering centred =
        Canvas.Lettering.of(Ink.TEXT, Layout.LABEL_SIZE).anchored(Canvas.Anchor.MIDDLE);
    double middle = area.x() + area.width() / 2;
    double below = Layout.TICK_LENGTH + Layout.TICK_GAP + Layout.TICK_SIZE + 3;
    drawLines(canvas, xLabelLines(i), Text::formula, middle, area.bottom() + below, centred);

    List<String> lines = yLabelLines(i, plotHeight);
    double block = lines.size() * Layout.LABEL_SIZE * Layout.LEADING;
    double x = area.x() - tickGutter(i % columns) - Layout.LABEL_GAP - block + Layout.LABEL_SIZE;
    for (String line : lines) {
      canvas.text(Text.formula(line), x, area.y() + area.height() / 2, centred, true);
      x += Layout.LABEL_SIZE * Layout.LEADING;
    }
  }
}
