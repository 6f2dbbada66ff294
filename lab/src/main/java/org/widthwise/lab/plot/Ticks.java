package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the values to mark on an axis.
 *
 * @param major the marked and labelled values, increasing
 * @param minor the values with a short mark only, increasing
 */
record Ticks(List<Double> major, List<Double> minor) {
  /** As many labels as still read well; fewer than {@link #FEWEST} say nothing of the scale. */
  static final int MOST = 9;

  static final int FEWEST = 2;

  /** Above this span 1-2-5 ticks crowd, and powers alone say enough. */
  private static final double DECADES_FOR_POWERS = 2.6;

  private static final double OCTAVES_FOR_POWERS = 2;

  private static final double ROUNDING = 1e-9;

  /** Round numbers between the ends of an axis, at least two and at most nine. */
  static Ticks choose(Scale scale, double low, double high) {
    Ticks chosen =
        switch (scale) {
          case LINEAR -> linear(low, high);
          case LOG10 -> decades(low, high);
          case LOG2 -> octaves(low, high);
        };
    // Few powers fall into a short axis; equal steps always fit.
    return chosen.major.size() < FEWEST ? linear(low, high) : chosen;
  }

  /** Given values, as far as they lie between the ends. */
  static Ticks at(List<Double> values, double low, double high) {
    return new Ticks(
        values.stream().filter(v -> v >= low && v <= high).sorted().distinct().toList(), List.of());
  }

  private static Ticks linear(double low, double high) {
    double rough = (high - low) / 5;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double step : new double[] {1, 2, 5, 10}) {
      // A finer step than asked for is taken first, so that short axes still get two.
      List<Double> ticks = multiples(step * power, low, high);
      if (ticks.size() <= MOST && step * power >= rough * 0.75) {
        return new Ticks(ticks, between(step * power / (step == 2 ? 4 : 5), low, high, ticks));
      }
    }
    return new Ticks(multiples(10 * power, low, high), List.of());
  }

  private static List<Double> multiples(double step, double low, double high) {
    List<Double> ticks = new ArrayList<>();
    double slack = ROUNDING * (high - low);
    long first = (long) Math.ceil((low - slack) / step);
    long last = (long) Math.floor((high + slack) / step);
    for (long k = first; k <= last; k++) {
      ticks.add(Math.max(low, Math.min(high, k * step)));
    }
    return ticks;
  }

  private static List<Double> between(double step, double low, double high, List<Double> major) {
    return multiples(step, low, high).stream()
        .filter(v -> major.stream().noneMatch(m -> Math.abs(m - v) < step / 2))
        .toList();
  }

  private static Ticks decades(double low, double high) {
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    double span = Math.log10(high / low);
    if (span < DECADES_FOR_POWERS) {
      List<Double> major = mantissas(first, last, low, high, 1, 2, 5);
      return new Ticks(major, minorMantissas(first, last, low, high, major));
    }
    int step = leastStep(10, first, last, low, high);
    List<Double> major = powers(10, first, last, step, low, high);
    List<Double> minor =
        step == 1
            ? minorMantissas(first, last, low, high, major)
            : powers(10, first, last, 1, low, high).stream()
                .filter(v -> !major.contains(v))
                .toList();
    return new Ticks(major, minor);
  }

  private static List<Double> minorMantissas(
      int first, int last, double low, double high, List<Double> major) {
    return mantissas(first, last, low, high, 1, 2, 3, 4, 5, 6, 7, 8, 9).stream()
        .filter(v -> !major.contains(v))
        .toList();
  }

  private static List<Double> mantissas(
      int first, int last, double low, double high, int... mantissas) {
    List<Double> out = new ArrayList<>();
    for (int k = first; k <= last; k++) {
      for (int mantissa : mantissas) {
        addIfWithin(out, decimal(mantissa, k), low, high);
      }
    }
    return out;
  }

  private static Ticks octaves(double low, double high) {
    double span = Math.log(high / low) / Math.log(2);
    if (span < OCTAVES_FOR_POWERS) {
      return decades(low, high);
    }
    int first = (int) Math.floor(Math.log(low) / Math.log(2));
    int last = (int) Math.ceil(Math.log(high) / Math.log(2));
    int step = leastStep(2, first, last, low, high);
    List<Double> major = powers(2, first, last, step, low, high);
    List<Double> minor =
        powers(2, first, last, 1, low, high).stream().filter(v -> !major.contains(v)).toList();
    return new Ticks(major, step == 1 ? List.of() : minor);
  }

  /** The least step in the exponent with which not too many powers are labelled. */
  private static int leastStep(int base, int first, int last, double low, double high) {
    int step = 1;
    while (powers(base, first, last, step, low, high).size() > MOST) {
      step++;
    }
    return step;
  }

  private static List<Double> powers(
      int base, int first, int last, int step, double low, double high) {
    List<Double> out = new ArrayList<>();
    for (int k = first; k <= last; k++) {
      if (Math.floorMod(k, step) == 0) {
        if (base == 10) {
          addIfWithin(out, decimal(1, k), low, high);
        } else {
          addIfWithin(out, Math.scalb(1.0, k), low, high);
        }
      }
    }
    return out;
  }

  private static void addIfWithin(List<Double> out, double value, double low, double high) {
    if (value >= low * (1 - ROUNDING) && value <= high * (1 + ROUNDING)) {
      out.add(Math.max(low, Math.min(high, value)));
    }
  }

  /** Parsing gives the double nearest to the decimal number; Math.pow may miss it by a digit. */
  private static double decimal(int mantissa, int exponent) {
    return Double.parseDouble(mantissa + "e" + exponent);
  }
}
