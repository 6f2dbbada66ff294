package org.widthwise.lab.plot;

import java.util.Locale;

/**
 * A colour by its part in the figure. In SVG the page may replace it through the custom property
 * {@code --ww-<name>}; {@code onDark} is what suits a dark page.
 */
record Ink(String name, int onLight, int onDark) {
  static final Ink TEXT = new Ink("ink", 0x1A1A1A, 0xECECEC);
  static final Ink MUTED = new Ink("muted", 0x595959, 0xB0B0B0);
  static final Ink GRID = new Ink("grid", 0xE4E4E4, 0x383838);
  static final Ink PAPER = new Ink("paper", 0xFFFFFF, 0x161616);

  static String hex(int rgb) {
    return String.format(Locale.ROOT, "#%06X", rgb);
  }
}
