package org.widthwise.lab.plot;

/** The two faces of a drawing, for one thread. */
record Fonts(FontFace regular, FontFace bold) {
  static Fonts load() {
    return new Fonts(FontFace.regular(), FontFace.bold());
  }

  FontFace face(boolean isBold) {
    return isBold ? bold : regular;
  }
}
