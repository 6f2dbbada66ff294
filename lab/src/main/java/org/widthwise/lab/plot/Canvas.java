package org.widthwise.lab.plot;

import java.util.List;

/**
 * What a figure is drawn on. Lengths are hundredths of an inch, y grows downwards. All layout is
 * done above this interface, so that its two kinds of output agree.
 */
sealed interface Canvas permits SvgCanvas, PngCanvas {
  /** Which point of a text lies at the given place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** How a line is drawn; an empty dash is solid. */
  record Pen(Ink ink, double width, double opacity, List<Double> dash) {
    static Pen solid(Ink ink, double width) {
      return new Pen(ink, width, 1, List.of());
    }
  }

  /** How text is set. */
  record Lettering(Ink ink, double size, boolean bold, Anchor anchor) {
    static Lettering of(Ink ink, double size) {
      return new Lettering(ink, size, false, Anchor.START);
    }

    Lettering anchored(Anchor newAnchor) {
      return new Lettering(ink, size, bold, newAnchor);
    }

    Lettering asBold() {
      return new Lettering(ink, size, true, anchor);
    }
  }

  /** Begins a named part of the drawing, which {@link #endGroup} ends. */
  void beginGroup(String name, String label);

  void endGroup();

  /** Begins a part that shows only inside an area, which {@link #endClip} ends. Does not nest. */
  void beginClip(Rect area);

  void endClip();

  void stroke(Outline outline, Pen pen);

  void fill(Outline outline, Ink ink, double opacity);

  /** Fills equal discs, each over those before it. */
  void discs(List<Outline.Point> centres, double radius, Ink ink, double opacity);

  /** Draws the marker of a style; {@code hint} is shown where the medium can, on pointing at it. */
  void marker(int style, double x, double y, double radius, String hint);

  /** Sets a line of text on a baseline; {@code upwards} turns it a quarter turn to the left. */
  void text(Text text, double x, double y, Lettering lettering, boolean upwards);
}
