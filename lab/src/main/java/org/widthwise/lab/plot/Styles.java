package org.widthwise.lab.plot;

import java.util.List;

/**
 * What tells one series from another: colour, marker and dash pattern. The colours are those of
 * Okabe and Ito, told apart with every common colour vision; their yellow, invisible on white, and
 * the last place are taken by Paul Tol's wine and a dark grey.
 */
final class Styles {
  /** The marker shapes; hollow ones are filled with paper. */
  enum Marker {
    CIRCLE,
    SQUARE,
    TRIANGLE_UP,
    DIAMOND,
    TRIANGLE_DOWN,
    HOLLOW_CIRCLE,
    HOLLOW_SQUARE,
    HOLLOW_DIAMOND
  }

  private static final List<Ink> INKS =
      List.of(
          new Ink("s0", 0x0072B2, 0x5AB4F0),
          new Ink("s1", 0xD55E00, 0xFF8A3D),
          new Ink("s2", 0x009E73, 0x2CC79B),
          new Ink("s3", 0xCC79A7, 0xE59CC4),
          new Ink("s4", 0xE69F00, 0xF2B632),
          new Ink("s5", 0x56B4E9, 0x9AD7FA),
          new Ink("s6", 0x882255, 0xC9608F),
          new Ink("s7", 0x4D4D4D, 0xBDBDBD));

  private static final List<List<Double>> DASHES =
      List.of(
          List.of(),
          List.of(6.0, 3.0),
          List.of(1.6, 2.2),
          List.of(8.0, 2.5, 1.6, 2.5),
          List.of(11.0, 3.0),
          List.of(4.0, 2.0),
          List.of(8.0, 2.5, 1.6, 2.5, 1.6, 2.5),
          List.of(3.0, 4.0));

  private Styles() {}

  static void requireValid(int style) {
    if (style < 0) {
      throw new IllegalArgumentException("A style counts from 0, but is " + style + ".");
    }
  }

  static Ink ink(int style) {
    return INKS.get(style % INKS.size());
  }

  static Marker marker(int style) {
    return Marker.values()[style % Marker.values().length];
  }

  static List<Double> dash(int style) {
    return DASHES.get(style % DASHES.size());
  }

  static List<Ink> inks() {
    return INKS;
  }
}
