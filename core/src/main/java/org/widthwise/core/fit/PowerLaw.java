package org.widthwise.core.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Fits power laws {@code y = prefactor · x^exponent} by ordinary least squares of {@code ln y} on
 * {@code ln x}.
 *
 * <p>The exponent is {@code Σ(X−X̄)(Y−Ȳ)/Σ(X−X̄)²} with {@code X = ln x} and {@code Y = ln y}; its
 * standard error is {@code s/√Σ(X−X̄)²} with {@code s² = Σr²/(n−2)} (for example N. Draper, H.
 * Smith, "Applied Regression Analysis", chapter 1).
 */
public final class PowerLaw {
  private PowerLaw() {}

  /**
   * Fits a power law to points whose errors are independent.
   *
   * @param x the abscissae, such as widths; positive, at least two of them different
   * @param y the ordinates, positive, one for each {@code x}
   * @return the fit; without an error of the exponent if there are just two points
   * @throws IllegalArgumentException if the arrays differ in length, a number is not positive and
   *     finite, or fewer than two values of {@code x} are different
   */
  public static PowerLawFit fit(double[] x, double[] y) {
    double[] logX = abscissae(x);
    Line line = Line.through(logX, logs(y, x.length, "y"));
    return result(line, 1, new ArrayList<>(line.slopeErrors()));
  }

  /**
   * Fits a power law to several trials, each of which measured all points: runs with different
   * seeds, say, each over all widths.
   *
   * <p>The line is fitted to the geometric means over the trials; its slope is also the mean of the
   * trials' own slopes. Two things make it uncertain, and each is estimated by what it alone shows:
   *
   * <ul>
   *   <li>The trials' slopes differ, by noise or because the points of a trial share data or an
   *       initialisation. The standard deviation of the slopes over the root of their number, with
   *       {@code trials − 1} degrees of freedom, is right whatever the points of a trial share. But
   *       all trials may bend alike.
   *   <li>The means stray from the line, by noise or because the law is none at these widths. The
   *       standard error of the regression on the means, with {@code points − 2} degrees of
   *       freedom, sees that, but not what all points of a trial have in common.
   * </ul>
   *
   * <p>A confidence interval is the wider of the two. Regression on all points of all trials as if
   * they were independent, which is often done, would claim {@code points · trials − 2} degrees of
   * freedom and make a bent law look certain. If both causes are present and alike in size, the
   * interval is too narrow by at most a factor √2.
   *
   * @param x the abscissae, positive, at least two of them different
   * @param yByTrial the ordinates, {@code [trial][point]}, positive
   * @return the fit
   * @throws IllegalArgumentException if there is no trial, the arrays differ in length, a number is
   *     not positive and finite, or fewer than two values of {@code x} are different
   */
  public static PowerLawFit fitTrials(double[] x, double[][] yByTrial) {
    int trials = yByTrial.length;
    if (trials == 0) {
      throw new IllegalArgumentException("A fit over trials needs at least 1 trial, but got none");
    }
    double[] logX = abscissae(x);
    double[] meanLogY = new double[x.length];
    double[] slopes = new double[trials];
    for (int t = 0; t < trials; t++) {
      double[] logY = logs(yByTrial[t], x.length, "y of trial " + t);
      slopes[t] = Line.through(logX, logY).slope();
      for (int i = 0; i < logY.length; i++) {
        meanLogY[i] += logY[i] / trials;
      }
    }
    Line line = Line.through(logX, meanLogY);
    List<SlopeError> errors = new ArrayList<>(line.slopeErrors());
    if (trials > 1) {
      double mean = Arrays.stream(slopes).average().orElseThrow();
      double squares = Arrays.stream(slopes).map(s -> (s - mean) * (s - mean)).sum();
      double standardError = Math.sqrt(squares / (trials - 1) / trials);
      errors.add(new SlopeError(SlopeError.Source.DIFFERENCE_OF_TRIALS, standardError, trials - 1));
    }
    return result(line, trials, errors);
  }

  private static PowerLawFit result(Line line, int trials, List<SlopeError> errors) {
    return new PowerLawFit(
        line.slope(),
        Math.exp(line.valueAtZero()),
        line.points(),
        trials,
        line.residualDeviation(),
        errors);
  }

  private static double[] abscissae(double[] x) {
    double[] logX = logs(x, x.length, "x");
    long distinct = Arrays.stream(logX).distinct().count();
    if (distinct < 2) {
      throw new IllegalArgumentException(
          "A power law needs at least 2 different values of x, but got "
              + distinct
              + " among "
              + x.length);
    }
    return logX;
  }

  private static double[] logs(double[] values, int expectedLength, String name) {
    if (values.length != expectedLength) {
      throw new IllegalArgumentException(
          "A fit needs one y for each x, but there are "
              + expectedLength
              + " x and "
              + values.length
              + " "
              + name);
    }
    double[] logs = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      requirePositive(values[i], name + "[" + i + "]");
      logs[i] = Math.log(values[i]);
    }
    return logs;
  }

  static void requirePositive(double value, String name) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "A power law needs positive finite numbers, but " + name + " is " + value);
    }
  }

  /** A line fitted by ordinary least squares. */
  private record Line(
      double slope, double meanX, double meanY, int points, double spreadX, double squares) {

    static Line through(double[] x, double[] y) {
      int n = x.length;
      double meanX = Arrays.stream(x).average().orElseThrow();
      double meanY = Arrays.stream(y).average().orElseThrow();
      double spreadX = 0;
      double product = 0;
      for (int i = 0; i < n; i++) {
        spreadX += (x[i] - meanX) * (x[i] - meanX);
        product += (x[i] - meanX) * (y[i] - meanY);
      }
      double slope = product / spreadX;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double residual = y[i] - meanY - slope * (x[i] - meanX);
        squares += residual * residual;
      }
      return new Line(slope, meanX, meanY, n, spreadX, squares);
    }

    double valueAtZero() {
      return meanY - slope * meanX;
    }

    OptionalDouble residualDeviation() {
      return points > 2
          ? OptionalDouble.of(Math.sqrt(squares / (points - 2)))
          : OptionalDouble.empty();
    }

    List<SlopeError> slopeErrors() {
      OptionalDouble deviation = residualDeviation();
      if (deviation.isEmpty()) {
        return List.of();
      }
      double standardError = deviation.getAsDouble() / Math.sqrt(spreadX);
      return List.of(
          new SlopeError(SlopeError.Source.SCATTER_ABOUT_LINE, standardError, points - 2));
    }
  }
}
