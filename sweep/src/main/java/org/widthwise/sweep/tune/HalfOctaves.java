package org.widthwise.sweep.tune;

/**
 * The learning rates that are tried: whole powers of √2, so that those of one width are those of
 * the next.
 */
final class HalfOctaves {

  private HalfOctaves() {}

  static double rate(long number) {
    return Math.pow(2, 0.5 * number);
  }

  static long nearest(double rate) {
    return Math.round(2 * log2(rate));
  }

  static double log2(double number) {
    return Math.log(number) / Math.log(2);
  }
}
