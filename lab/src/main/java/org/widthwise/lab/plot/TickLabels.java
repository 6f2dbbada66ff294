package org.widthwise.lab.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Writes the values of ticks, all of one axis in one manner. */
final class TickLabels {
  private static final double PLAIN_FROM = 1e-3;
  private static final double PLAIN_UP_TO = 1e5;
  private static final int MOST_DECIMALS = 12;

  private TickLabels() {}

  /** The labels of the major ticks, in their order. */
  static List<Text> of(Scale scale, List<Double> ticks) {
    double largest = ticks.stream().mapToDouble(Math::abs).max().orElse(0);
    double smallest =
        ticks.stream().mapToDouble(Math::abs).filter(v -> v > 0).min().orElse(largest);
    boolean allPowers = ticks.stream().allMatch(TickLabels::isPowerOfTen);
    if (scale == Scale.LOG10 && allPowers && largest / smallest >= 100 * (1 - 1e-9)) {
      return ticks.stream().map(v -> Text.power("10", signed(exponent(v)))).toList();
    }
    boolean plain = largest < PLAIN_UP_TO && (scale == Scale.LINEAR || smallest >= PLAIN_FROM);
    if (plain && largest >= PLAIN_FROM) {
      return scale == Scale.LINEAR ? aligned(ticks) : ticks.stream().map(TickLabels::own).toList();
    }
    if (scale == Scale.LOG2 && ticks.stream().allMatch(TickLabels::isPowerOfTwo)) {
      return ticks.stream().map(v -> Text.power("2", signed(Math.getExponent(v)))).toList();
    }
    return ticks.stream().map(TickLabels::scientific).toList();
  }

  private static boolean isPowerOfTen(double value) {
    return value > 0 && Math.abs(value / Math.pow(10, exponent(value)) - 1) < 1e-9;
  }

  private static boolean isPowerOfTwo(double value) {
    return value > 0 && value == Math.scalb(1.0, Math.getExponent(value));
  }

  private static int exponent(double value) {
    return (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  }

  /** With as many decimals as the tick that needs most. */
  private static List<Text> aligned(List<Double> ticks) {
    int decimals = ticks.stream().mapToInt(v -> Math.max(0, rounded(v).scale())).max().orElse(0);
    int shown = Math.min(decimals, MOST_DECIMALS);
    return ticks.stream()
        .map(v -> Text.plain(minus(rounded(v).setScale(shown, RoundingMode.HALF_EVEN))))
        .toList();
  }

  private static Text own(double value) {
    return Text.plain(minus(rounded(value)));
  }

  private static Text scientific(double value) {
    if (value == 0) {
      return Text.plain("0");
    }
    int exponent = exponent(value);
    String mantissa = minus(rounded(value).movePointLeft(exponent));
    String base =
        switch (mantissa) {
          case "1" -> "10";
          case "−1" -> "−10";
          default -> mantissa + "×10";
        };
    return Text.power(base, signed(exponent));
  }

  /** The value without the dust of binary fractions. */
  private static BigDecimal rounded(double value) {
    BigDecimal decimal = new BigDecimal(value).round(new MathContext(12));
    return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
  }

  private static String minus(BigDecimal value) {
    return value.toPlainString().replace('-', '−');
  }

  private static String signed(int value) {
    return Integer.toString(value).replace('-', '−');
  }

  /** A value in words, for hints: four significant digits. */
  static String shortForm(double value) {
    if (!Double.isFinite(value)) {
      return "undefined";
    }
    BigDecimal decimal = new BigDecimal(value).round(new MathContext(4));
    String plain = decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    boolean readable = plain.length() <= 10;
    String words = readable ? plain : decimal.stripTrailingZeros().toString();
    return words.replace('-', '−');
  }
}
