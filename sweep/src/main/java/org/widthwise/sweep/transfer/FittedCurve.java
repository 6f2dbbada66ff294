package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A curve with its minimum and those of bootstrap samples. */
final class FittedCurve {

  private static final double TAIL = 0.025;

  private final RateCurve curve;
  private final double[] x;
  private final double[] y;
  private final Minimum minimum;
  private final double[] samples;
  private final boolean sampled;

  private FittedCurve(
      RateCurve curve, double[] x, double[] y, Minimum minimum, double[] samples, boolean sampled) {
    this.curve = curve;
    this.x = x;
    this.y = y;
    this.minimum = minimum;
    this.samples = samples;
    this.sampled = sampled;
  }

  RateCurve curve() {
    return curve;
  }

  double[] x() {
    return x;
  }

  double[] y() {
    return y;
  }

  Minimum minimum() {
    return minimum;
  }

  double[] samples() {
    return samples;
  }

  int width() {
    return curve.width();
  }

  /** Whether the samples tell how sure the minimum is. */
  boolean sampled() {
    return sampled;
  }

  /** Whether it was trained with several seeds itself. */
  boolean repeated() {
    return curve.seeds().size() > 1;
  }

  /**
   * Fits the curves of which a loss is finite. The minimum of a width with one seed among others
   * with several is taken to be as uncertain as one seed of the widest of these.
   *
   * @param curves those of one series, ascending in width
   * @param settings with the bootstrap's seed and number of samples
   */
  static List<FittedCurve> of(List<RateCurve> curves, TransferSettings settings) {
    Random random = new Random(settings.seed());
    List<FittedCurve> fitted = new ArrayList<>();
    for (RateCurve curve : curves) {
      double[] x = curve.log2Rates();
      double[] y = curve.meanLogLosses();
      Minimum.of(x, y)
          .ifPresent(
              minimum ->
                  fitted.add(
                      new FittedCurve(
                          curve,
                          x,
                          y,
                          minimum,
                          samples(curve, minimum, settings.samples(), random),
                          curve.seeds().size() > 1)));
    }
    fitted.stream()
        .filter(one -> one.repeated() && one.minimum.bracketed())
        .reduce((narrower, wider) -> wider)
        .ifPresent(like -> fitted.replaceAll(one -> one.repeated() ? one : one.asSureAs(like)));
    return fitted;
  }

  private FittedCurve asSureAs(FittedCurve repeated) {
    double spread = Math.sqrt(repeated.curve.seeds().size());
    int count = samples.length;
    double[] borrowed = new double[count];
    for (int i = 0; i < count; i++) {
      // From another place, or the two would move together.
      double deviation = repeated.samples[(i + count / 2) % count] - repeated.minimum.log2Rate();
      borrowed[i] = minimum.log2Rate() + spread * deviation;
    }
    return new FittedCurve(curve, x, y, minimum, borrowed, true);
  }

  /** The minima of curves whose seeds were drawn again with replacement. */
  private static double[] samples(RateCurve curve, Minimum minimum, int count, Random random) {
    int seeds = curve.seeds().size();
    double[] x = curve.log2Rates();
    double[] samples = new double[count];
    for (int i = 0; i < samples.length; i++) {
      int[] drawn = random.ints(seeds, 0, seeds).toArray();
      samples[i] =
          Minimum.of(x, curve.meanLogLosses(drawn))
              .map(Minimum::log2Rate)
              .orElse(minimum.log2Rate());
    }
    return samples;
  }

  /**
   * From one end of the samples to the other, or from the next smaller rate to the next greater.
   */
  double[] interval() {
    if (sampled()) {
      return percentiles(samples);
    }
    double at = minimum.log2Rate();
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    for (double rate : x) {
      if (rate < at - 1e-9) {
        low = rate;
      } else if (rate > at + 1e-9 && high == Double.POSITIVE_INFINITY) {
        high = rate;
      }
    }
    return new double[] {low, high};
  }

  static double[] percentiles(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    return new double[] {
      sorted[(int) Math.floor(TAIL * last)], sorted[(int) Math.ceil((1 - TAIL) * last)]
    };
  }

  /** An error that is not known adds nothing. */
  static double nanToZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }
}
