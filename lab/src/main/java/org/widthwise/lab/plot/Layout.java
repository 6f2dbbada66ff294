package org.widthwise.lab.plot;

/** Sizes shared by all parts of a figure, in hundredths of an inch. */
final class Layout {
  static final double MARGIN = 16;
  static final double TITLE_SIZE = 14;
  static final double PANEL_TITLE_SIZE = 11.5;
  static final double LABEL_SIZE = 10.5;
  static final double TICK_SIZE = 9.5;
  static final double NOTE_SIZE = 9.5;
  static final double CAPTION_SIZE = 9;

  /** Distance of baselines, in em. */
  static final double LEADING = 1.35;

  /** Height of the capitals, in em; half of it centres a text on a line. */
  static final double CAP_HEIGHT = 0.73;

  static final double TICK_LENGTH = 4;
  static final double TICK_GAP = 3;
  static final double LABEL_GAP = 6;
  static final double COLUMN_GAP = 22;
  static final double ROW_GAP = 20;
  static final double MARKER_RADIUS = 2.9;
  static final double LINE_WIDTH = 1.5;
  static final double BAND_OPACITY = 0.17;

  private Layout() {}

  /** The width of a figure: a page's text width for two columns. */
  static double figureWidth(int columns) {
    return switch (columns) {
      case 1 -> 480;
      case 2 -> 720;
      case 3 -> 960;
      default -> 1200;
    };
  }
}
