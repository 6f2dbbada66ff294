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
  private static final double POOLING_LEVEL = 0.25;

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
   * trials' own slopes. Three things make it uncertain:
   *
   * <ul>
   *   <li>Noise in every point: what remains of {@code ln y} after each trial has its own line and
   *       each abscissa its own departure from the lines, with {@code (trials − 1)(points − 2)}
   *       degrees of freedom.
   *   <li>The trials' slopes may differ by more than that, because the points of a trial share data
   *       or an initialisation. The standard deviation of the slopes over the root of their number
   *       sees it, with {@code trials − 1} degrees of freedom.
   *   <li>The means may stray from the line by more than that, because the law is none at these
   *       widths: all trials bend alike. The standard error of the regression on the means sees it,
   *       with {@code points − 2} degrees of freedom.
   * </ul>
   *
   * <p>Each of the latter two is held against the noise by an F test. One that exceeds it, at the
   * lenient level of {@value #POOLING_LEVEL} that is usual before pooling (T. Bancroft, "On biases
   * in estimation due to the use of preliminary tests of significance", Ann. Math. Stat. 15, 1944),
   * gives an error of its own; one that does not is pooled with the noise, which is how a few
   * trials at a few widths come to a useful number of degrees of freedom. A confidence interval is
   * the widest that any of the errors gives.
   *
   * <p>Regression on all points of all trials as if they were independent, which is often done,
   * pools without asking and makes a bent law look certain. If several causes are present and alike
   * in size, the interval is too narrow by at most a factor √2.
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
    List<Line> lines = new ArrayList<>();
    for (int t = 0; t < trials; t++) {
      double[] logY = logs(yByTrial[t], x.length, "y of trial " + t);
      lines.add(Line.through(logX, logY));
      for (int i = 0; i < logY.length; i++) {
        meanLogY[i] += logY[i] / trials;
      }
    }
    Line mean = Line.through(logX, meanLogY);
    return result(mean, trials, slopeErrors(mean, lines));
  }

  private static List<SlopeError> slopeErrors(Line mean, List<Line> trials) {
    int count = trials.size();
    double differences =
        mean.spreadX()
            * trials.stream()
                .mapToDouble(trial -> trial.slope() - mean.slope())
                .map(difference -> difference * difference)
                .sum();
    double scatter = count * mean.squares();
    double all = trials.stream().mapToDouble(Line::squares).sum();
    SumOfSquares slopes =
        new SumOfSquares(SlopeError.Source.DIFFERENCE_OF_TRIALS, differences, count - 1);
    SumOfSquares strays =
        new SumOfSquares(SlopeError.Source.SCATTER_ABOUT_LINE, scatter, mean.points() - 2);
    SumOfSquares noise =
        new SumOfSquares(
            SlopeError.Source.NOISE, Math.max(0, all - scatter), (count - 1) * (mean.points() - 2));
    List<SumOfSquares> separate = new ArrayList<>();
    SumOfSquares pooled = noise;
    for (SumOfSquares cause : List.of(slopes, strays)) {
      if (cause.degreesOfFreedom() > 0) {
        if (noise.degreesOfFreedom() > 0 && !cause.exceeds(noise)) {
          pooled = pooled.with(cause);
        } else {
          separate.add(cause);
        }
      }
    }
    if (pooled.degreesOfFreedom() > 0) {
      separate.add(pooled);
    }
    double spread = count * mean.spreadX();
    return separate.stream().map(squares -> squares.slopeError(spread)).toList();
  }

  /** A sum of squares of departures, all expected to be alike if nothing but noise is at work. */
  private record SumOfSquares(SlopeError.Source source, double value, int degreesOfFreedom) {

    double mean() {
      return value / degreesOfFreedom;
    }

    boolean exceeds(SumOfSquares noise) {
      if (value == 0) {
        return false;
      }
      return StudentT.fProbabilityBeyond(
              mean() / noise.mean(), degreesOfFreedom, noise.degreesOfFreedom())
          < POOLING_LEVEL;
    }

    SumOfSquares with(SumOfSquares other) {
      return new SumOfSquares(
          source, value + other.value, degreesOfFreedom + other.degreesOfFreedom);
    }

    SlopeError slopeError(double spread) {
      return new SlopeError(source, Math.sqrt(mean() / spread), degreesOfFreedom);
    }
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
