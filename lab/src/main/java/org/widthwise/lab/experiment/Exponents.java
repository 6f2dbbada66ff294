package org.widthwise.lab.experiment;

import java.util.Locale;

/** How predicted and measured numbers are written for people. */
public final class Exponents {

  /** Bounds nearer to each other than this are those of an equality, up to rounding. */
  private static final double EQUALITY = 1e-3;

  private static final double[] DENOMINATORS = {1, 2, 3, 4};

  private Exponents() {}

  /**
   * An exponent of the theory, which reads best as a fraction.
   *
   * @param value the exponent
   * @return such as {@code −1/2}
   */
  public static String text(double value) {
    for (double denominator : DENOMINATORS) {
      double numerator = value * denominator;
      if (Math.abs(numerator - Math.rint(numerator)) < 1e-12) {
        String sign = numerator < 0 ? "−" : "";
        long whole = Math.round(Math.abs(numerator));
        return sign + (denominator == 1 ? Long.toString(whole) : whole + "/" + (int) denominator);
      }
    }
    return String.format(Locale.ROOT, "%.2f", value).replace('-', '−');
  }

  /**
   * A measured exponent with its error.
   *
   * @param value the exponent
   * @param error its standard error; NaN if it is unknown
   * @return such as {@code −0.51 ± 0.02}; {@code unknown} for NaN
   */
  public static String slope(double value, double error) {
    return measured("%.2f", value, "%.2f", error);
  }

  /**
   * A measured level with its error.
   *
   * @param value the level
   * @param error its standard error; NaN if it is unknown
   * @return such as {@code 0.707 ± 0.002}; {@code unknown} for NaN
   */
  public static String level(double value, double error) {
    return measured("%.3g", value, "%.2g", error);
  }

  private static String measured(String format, double value, String errorFormat, double error) {
    if (Double.isNaN(value)) {
      return "unknown";
    }
    String number = String.format(Locale.ROOT, format, value).replaceFirst("^-(0\\.0*)$", "$1");
    return (Double.isNaN(error)
            ? number
            : number + " ± " + String.format(Locale.ROOT, errorFormat, error))
        .replace('-', '−');
  }

  /**
   * Bounds.
   *
   * @param low the lower one, perhaps negative infinity
   * @param high the upper one, perhaps infinity
   * @return such as {@code at most 10}, {@code 0.9 to 1} or {@code 1 ± 1e−09}
   */
  public static String bounds(double low, double high) {
    if (Double.isInfinite(low)) {
      return "at most " + bound(high);
    }
    if (Double.isInfinite(high)) {
      return "at least " + bound(low);
    }
    double middle = (low + high) / 2;
    double half = (high - low) / 2;
    return half < EQUALITY * Math.abs(middle)
        ? "%s ± %s"
            .formatted(bound(middle), String.format(Locale.ROOT, "%.0e", half))
            .replace('-', '−')
        : "%s to %s".formatted(bound(low), bound(high));
  }

  private static String bound(double value) {
    String text = String.format(Locale.ROOT, "%.3g", value);
    return (text.contains("e")
            ? String.format(Locale.ROOT, "%.1e", value)
            : text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text)
        .replace('-', '−');
  }
}
