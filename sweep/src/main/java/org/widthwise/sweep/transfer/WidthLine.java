package org.widthwise.sweep.transfer;

import java.util.Arrays;
import java.util.List;

/**
 * A line through the best rates, in octaves, over the abscissa of a law.
 *
 * @param law over what the line is straight
 * @param slope octaves for each unit of the abscissa, a doubling of {@link WidthLaw#POWER}; NaN
 *     with fewer than two widths
 * @param intercept where the abscissa is 0
 * @param residualError the slope's standard error by the residuals; NaN with fewer than three
 */
record WidthLine(WidthLaw law, double slope, double intercept, double residualError) {

  static WidthLine through(WidthLaw law, List<FittedCurve> fitted) {
    return through(law, fitted, fitted.stream().mapToDouble(f -> f.minimum().log2Rate()).toArray());
  }

  static WidthLine through(WidthLaw law, List<FittedCurve> fitted, double[] y) {
    int count = fitted.size();
    if (count < 2) {
      return new WidthLine(law, Double.NaN, count == 1 ? y[0] : Double.NaN, Double.NaN);
    }
    double[] x = fitted.stream().mapToDouble(f -> law.abscissa(f.width())).toArray();
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < count; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    double slope = xy / xx;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double residual = y[i] - meanY - slope * (x[i] - meanX);
      squares += residual * residual;
    }
    return new WidthLine(
        law,
        slope,
        meanY - slope * meanX,
        count < 3 ? Double.NaN : Math.sqrt(squares / (count - 2) / xx));
  }

  /** Log₂ of the best rate at a width. */
  double at(int width) {
    return intercept + slope * law.abscissa(width);
  }

  /** The best rates of one bootstrap sample at each width. */
  static double[] sample(List<FittedCurve> fitted, int number) {
    return fitted.stream().mapToDouble(f -> f.samples()[number]).toArray();
  }

  /** The greater of both estimates of the slope's error; NaN if neither is known. */
  double error(List<FittedCurve> fitted, int samples) {
    double error =
        Math.max(
            FittedCurve.nanToZero(bootstrapError(law, fitted, samples)),
            FittedCurve.nanToZero(residualError));
    return error > 0 ? error : Double.NaN;
  }

  /**
   * The spread of the slope over bootstrap samples. Samples of few seeds vary less than fresh seeds
   * would, by √((n − 1)/n) for a mean of n; that is made good.
   */
  private static double bootstrapError(WidthLaw law, List<FittedCurve> fitted, int samples) {
    if (fitted.size() < 2 || !fitted.stream().allMatch(FittedCurve::sampled)) {
      return Double.NaN;
    }
    double[] slopes = new double[samples];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = through(law, fitted, sample(fitted, i)).slope();
    }
    double mean = Arrays.stream(slopes).average().orElseThrow();
    double variance =
        Arrays.stream(slopes).map(slope -> (slope - mean) * (slope - mean)).average().orElseThrow();
    int seeds =
        fitted.stream()
            .filter(FittedCurve::repeated)
            .mapToInt(f -> f.curve().seeds().size())
            .min()
            .orElse(0);
    return Math.sqrt(variance * seeds / (seeds - 1.0));
  }
}
