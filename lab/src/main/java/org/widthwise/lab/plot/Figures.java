package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Draws figures. Both outputs come from one layout, so they look the same, and both depend on the
 * figure alone: the same figure gives the same bytes on the same Java runtime, SVG on any.
 *
 * <p>Scripts that need reordering or joining of letters, such as Arabic, are set letter by letter.
 */
public final class Figures {
  /** Pixels per inch of {@link #toPng(Figure)}: what journals ask of a figure with text. */
  public static final int PNG_DOTS_PER_INCH = 300;

  /** A figure is laid out in hundredths of an inch. */
  private static final double UNITS_PER_INCH = 100;

  private Figures() {}

  /**
   * Draws a figure as an SVG document, dark on white. It holds no identifier and no script, so it
   * may be put into an HTML page as it is; there its colours follow the page's custom properties,
   * see {@link #darkThemeCss()}.
   *
   * @param figure the figure
   * @return the document, for UTF-8; without an XML declaration
   */
  public static String toSvg(Figure figure) {
    FigurePainter painter = new FigurePainter(figure, Fonts.load());
    SvgCanvas canvas = new SvgCanvas();
    painter.draw(canvas);
    return canvas.document(painter.width(), painter.height(), figure.title(), description(figure));
  }

  /**
   * Draws each panel of a figure by itself, for an HTML page that lays them out and says what else
   * there is to say: without title, notes and caption, half as wide as a figure of two columns.
   *
   * @param figure the figure
   * @return its panels in order
   */
  public static List<InlinePanel> toInlinePanels(Figure figure) {
    Fonts fonts = Fonts.load();
    List<InlinePanel> panels = new ArrayList<>();
    for (Panel panel : figure.panels()) {
      Figure alone =
          new Figure(
              "", List.of(), List.of(panel.withNotes(List.of())), 1, figure.bandLabel(), List.of());
      FigurePainter painter = new FigurePainter(alone, fonts, Layout.figureWidth(2) / 2);
      SvgCanvas canvas = new SvgCanvas();
      painter.draw(canvas);
      String label =
          panel.letter().isEmpty() ? panel.title() : panel.letter() + ": " + panel.title();
      panels.add(
          new InlinePanel(
              canvas.element(painter.width(), painter.height(), label, description(alone)),
              canvas.rules()));
    }
    return List.copyOf(panels);
  }

  /**
   * Draws a figure as a PNG image, dark on white, at {@value #PNG_DOTS_PER_INCH} dots per inch: a
   * figure of two columns is 7.2 inches or 2160 pixels wide. No display is needed or looked for:
   * unless the program has set the system property {@code java.awt.headless}, it is set to true.
   *
   * @param figure the figure
   * @return the bytes of the file
   */
  public static byte[] toPng(Figure figure) {
    // Without it Java2D would try to reach whatever DISPLAY names, even to paint in memory.
    System.getProperties().putIfAbsent("java.awt.headless", "true");
    Fonts fonts = Fonts.load();
    FigurePainter painter = new FigurePainter(figure, fonts);
    double scale = PNG_DOTS_PER_INCH / UNITS_PER_INCH;
    try (PngCanvas canvas = new PngCanvas(painter.width(), painter.height(), scale, fonts)) {
      painter.draw(canvas);
      return PngWriter.encode(canvas.image(), PNG_DOTS_PER_INCH);
    }
  }

  /**
   * The declarations by which a page with a dark theme recolours the figures in it, for a rule of
   * its choice: {@code @media (prefers-color-scheme: dark) { :root { … } }}.
   *
   * @return declarations of the custom properties {@code --ww-ink}, {@code --ww-muted}, {@code
   *     --ww-grid}, {@code --ww-paper} and {@code --ww-s0} to {@code --ww-s7}, separated by
   *     semicolons
   */
  public static String darkThemeCss() {
    StringJoiner out = new StringJoiner(";");
    for (Ink ink : new Ink[] {Ink.TEXT, Ink.MUTED, Ink.GRID, Ink.PAPER}) {
      out.add("--ww-" + ink.name() + ":" + Ink.hex(ink.onDark()));
    }
    for (Ink ink : Styles.inks()) {
      out.add("--ww-" + ink.name() + ":" + Ink.hex(ink.onDark()));
    }
    return out.toString();
  }

  /** The figure in words, for those who cannot see it. */
  private static String description(Figure figure) {
    StringJoiner out = new StringJoiner(" ");
    figure.subtitle().forEach(out::add);
    for (Panel panel : figure.panels()) {
      out.add("Panel " + panel.letter() + ": " + panel.title() + ".");
      out.add("Horizontal: " + panel.x().label() + "; vertical: " + panel.y().label() + ".");
      panel.notes().forEach(note -> out.add(String.join(", ", note.cells()) + "."));
    }
    figure.caption().forEach(out::add);
    return out.toString();
  }
}
