package org.widthwise.sweep.transfer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;

/** Asks of a sweep whether the best learning rate stays where it is when the width grows. */
public final class TransferAnalysis {

  /** Ends of an interval that 95 % of a normal distribution lie in, to the nearest half. */
  private static final double REACH = 2;

  private static final double TAIL = 0.025;

  /** Nobody cares for less. */
  private static final double LEAST_COST = 0.001;

  /** Smaller numbers are written with an exponent. */
  private static final double SMALL = 0.01;

  private final TransferSettings settings;

  /**
   * An analysis.
   *
   * @param settings how transfer is judged
   */
  public TransferAnalysis(TransferSettings settings) {
    this.settings = settings;
  }

  /**
   * Analyses every series of a sweep.
   *
   * @param trials its trials; those that are not over are left out
   * @return in the order of the series' names
   * @throws RunException if no trial with the metric is over
   */
  public List<SeriesTransfer> of(List<StoredTrial> trials) {
    List<SeriesTransfer> results = new ArrayList<>();
    for (Map.Entry<String, List<RateCurve>> series :
        RateCurve.of(trials, settings.metric()).entrySet()) {
      List<StoredTrial> own =
          trials.stream()
              .filter(
                  trial ->
                      TrialConfiguration.of(trial.configuration()).series().equals(series.getKey()))
              .toList();
      of(series.getKey(), series.getValue(), own).ifPresent(results::add);
    }
    if (results.isEmpty()) {
      throw new RunException(
          "no trial with the metric %s is over yet, or all diverged".formatted(settings.metric()));
    }
    return results;
  }

  /** A curve with its minimum and those of bootstrap samples. */
  private static final class Fitted {

    private final RateCurve curve;
    private final double[] x;
    private final double[] y;
    private final Minimum minimum;
    private final double[] samples;

    Fitted(RateCurve curve, double[] x, double[] y, Minimum minimum, double[] samples) {
      this.curve = curve;
      this.x = x;
      this.y = y;
      this.minimum = minimum;
      this.samples = samples;
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

    double log2Width() {
      return Math.log(width()) / Math.log(2);
    }

    boolean sampled() {
      return curve.seeds().size() > 1;
    }
  }

  private Optional<SeriesTransfer> of(
      String series, List<RateCurve> curves, List<StoredTrial> trials) {
    List<Fitted> fitted = fit(curves);
    if (fitted.isEmpty()) {
      return Optional.empty();
    }
    Fitted narrow = fitted.get(0);
    double fixed = fixedRate(fitted);
    List<WidthOptimum> widths = new ArrayList<>();
    for (Fitted one : fitted) {
      widths.add(optimum(one, narrow, fixed));
    }
    List<Fitted> bracketed = fitted.stream().filter(f -> f.minimum().bracketed()).toList();
    Line line = Line.through(bracketed);
    List<Double> successive = new ArrayList<>();
    for (int i = 1; i < fitted.size(); i++) {
      Line pair = Line.through(List.of(fitted.get(i - 1), fitted.get(i)));
      successive.add(pair.slope());
    }
    double error = error(bracketed, line);
    Verdict verdict = verdict(line.slope(), error);
    double work = trials.stream().mapToDouble(StoredTrial::work).sum();
    List<StoredTrial> wider =
        trials.stream()
            .filter(trial -> TrialConfiguration.of(trial.configuration()).width() > narrow.width())
            .toList();
    return Optional.of(
        new SeriesTransfer(
            series,
            verdict.id(),
            line.slope(),
            error,
            successive,
            widerIsBetter(fitted, fixed),
            fixed,
            wider.size(),
            wider.stream().mapToDouble(StoredTrial::work).sum() / work,
            widths,
            recommend(fitted, widths, bracketed, line, error, verdict),
            DriftCauses.of(
                trials, verdict, new DriftCauses.Drift(line.slope(), error), this::drift)));
  }

  private List<Fitted> fit(List<RateCurve> curves) {
    Random random = new Random(settings.seed());
    List<Fitted> fitted = new ArrayList<>();
    for (RateCurve curve : curves) {
      double[] x = curve.log2Rates();
      double[] y = curve.meanLogLosses();
      Minimum.of(x, y)
          .ifPresent(
              minimum ->
                  fitted.add(new Fitted(curve, x, y, minimum, samples(curve, minimum, random))));
    }
    return fitted;
  }

  /** The drift of one series by another metric. */
  private DriftCauses.Drift drift(List<StoredTrial> trials, String metric) {
    List<Fitted> bracketed =
        RateCurve.of(trials, metric).values().stream()
            .flatMap(curves -> fit(curves).stream())
            .filter(one -> one.minimum().bracketed())
            .toList();
    Line line = Line.through(bracketed);
    return new DriftCauses.Drift(line.slope(), error(bracketed, line));
  }

  /** The greater of both estimates; NaN if neither is known. */
  private double error(List<Fitted> bracketed, Line line) {
    double error = Math.max(nanToZero(bootstrapError(bracketed)), nanToZero(line.residualError()));
    return error > 0 ? error : Double.NaN;
  }

  private static double nanToZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  private Verdict verdict(double drift, double error) {
    if (Double.isNaN(drift) || Double.isNaN(error)) {
      return Verdict.UNDECIDED;
    }
    double least = Math.abs(drift) - REACH * error;
    double most = Math.abs(drift) + REACH * error;
    if (most <= settings.tolerance()) {
      return Verdict.HOLDS;
    }
    return least > settings.tolerance() ? Verdict.FAILS : Verdict.UNDECIDED;
  }

  /** The minima of curves whose seeds were drawn again with replacement. */
  private double[] samples(RateCurve curve, Minimum minimum, Random random) {
    int seeds = curve.seeds().size();
    double[] x = curve.log2Rates();
    double[] samples = new double[settings.samples()];
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
  private static double[] interval(Fitted one) {
    if (one.sampled()) {
      return percentiles(one.samples());
    }
    double[] x = one.x();
    double at = one.minimum().log2Rate();
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

  private static double[] percentiles(double[] samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    return new double[] {
      sorted[(int) Math.floor(TAIL * last)], sorted[(int) Math.ceil((1 - TAIL) * last)]
    };
  }

  /** The rate tried at every width that is nearest to the narrowest width's best one. */
  private static double fixedRate(List<Fitted> fitted) {
    TreeSet<Double> common = new TreeSet<>(fitted.get(0).curve().rates());
    fitted.forEach(one -> common.retainAll(one.curve().rates()));
    double best = fitted.get(0).minimum().log2Rate();
    double nearest = Double.NaN;
    double least = Double.POSITIVE_INFINITY;
    for (double rate : common) {
      double distance = Math.abs(Math.log(rate) / Math.log(2) - best);
      if (distance < least) {
        least = distance;
        nearest = rate;
      }
    }
    return nearest;
  }

  private static boolean widerIsBetter(List<Fitted> fitted, double fixed) {
    if (Double.isNaN(fixed) || fitted.size() < 2) {
      return false;
    }
    for (int i = 1; i < fitted.size(); i++) {
      Fitted narrower = fitted.get(i - 1);
      Fitted wider = fitted.get(i);
      int before = narrower.curve().rates().indexOf(fixed);
      int after = wider.curve().rates().indexOf(fixed);
      double error =
          Math.hypot(
              nanToZero(narrower.curve().standardError(before)),
              nanToZero(wider.curve().standardError(after)));
      if (!(wider.y()[after] <= narrower.y()[before] + REACH * error)) {
        return false;
      }
    }
    return true;
  }

  private static WidthOptimum optimum(Fitted one, Fitted narrow, double fixed) {
    double[] interval = interval(one);
    int at = one.curve().rates().indexOf(fixed);
    return new WidthOptimum(
        one.width(),
        one.curve().trials(),
        one.curve().diverged(),
        Math.pow(2, one.minimum().log2Rate()),
        Math.pow(2, interval[0]),
        Math.pow(2, interval[1]),
        Math.exp(one.minimum().logLoss()),
        one.minimum().curvature(),
        one.minimum().bracketed(),
        one.minimum().cost(one.x(), one.y(), narrow.minimum().log2Rate()),
        at < 0 ? Double.NaN : Math.exp(one.y()[at]));
  }

  /** A line through the best rates against width, in octaves. */
  private record Line(double slope, double intercept, double residualError) {

    static Line through(List<Fitted> fitted) {
      return through(fitted, fitted.stream().mapToDouble(f -> f.minimum().log2Rate()).toArray());
    }

    static Line through(List<Fitted> fitted, double[] y) {
      int count = fitted.size();
      if (count < 2) {
        return new Line(Double.NaN, count == 1 ? y[0] : Double.NaN, Double.NaN);
      }
      double[] x = fitted.stream().mapToDouble(Fitted::log2Width).toArray();
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
      return new Line(
          slope,
          meanY - slope * meanX,
          count < 3 ? Double.NaN : Math.sqrt(squares / (count - 2) / xx));
    }

    double at(double log2Width) {
      return intercept + slope * log2Width;
    }
  }

  /** The best rates of one bootstrap sample at each width. */
  private static double[] sample(List<Fitted> fitted, int number) {
    return fitted.stream().mapToDouble(f -> f.samples()[number]).toArray();
  }

  /**
   * The spread of the slope over bootstrap samples. Samples of few seeds vary less than fresh seeds
   * would, by √((n − 1)/n) for a mean of n; that is made good.
   */
  private double bootstrapError(List<Fitted> fitted) {
    if (fitted.size() < 2 || !fitted.stream().allMatch(Fitted::sampled)) {
      return Double.NaN;
    }
    double[] slopes = new double[settings.samples()];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = Line.through(fitted, sample(fitted, i)).slope();
    }
    double mean = Arrays.stream(slopes).average().orElseThrow();
    double variance =
        Arrays.stream(slopes).map(slope -> (slope - mean) * (slope - mean)).average().orElseThrow();
    int seeds = fitted.stream().mapToInt(f -> f.curve().seeds().size()).min().orElseThrow();
    return Math.sqrt(variance * seeds / (seeds - 1.0));
  }

  private Recommendation recommend(
      List<Fitted> fitted,
      List<WidthOptimum> widths,
      List<Fitted> bracketed,
      Line line,
      double error,
      Verdict verdict) {
    int widest = fitted.get(fitted.size() - 1).width();
    int target = settings.target() == 0 ? widest : settings.target();
    for (WidthOptimum tried : widths) {
      if (tried.width() == target) {
        WidthOptimum narrow = widths.get(0);
        if (!narrow.bracketed()) {
          return new Recommendation(
              target,
              narrow.learningRate(),
              narrow.lower(),
              narrow.upper(),
              List.of(narrow.width()),
              tried.narrowCost(),
              false,
              "the best learning rate at width %d is at the edge of what was tried: try more rates"
                  .formatted(narrow.width()));
        }
        return recommendation(
            target,
            narrow.learningRate(),
            narrow.lower(),
            narrow.upper(),
            List.of(narrow.width()),
            tried.narrowCost(),
            false);
      }
    }
    if (bracketed.isEmpty()) {
      return recommendation(
          target, Double.NaN, Double.NaN, Double.NaN, List.of(), Double.NaN, true);
    }
    boolean still =
        Double.isNaN(line.slope())
            || verdict == Verdict.HOLDS
            || Math.abs(line.slope()) <= REACH * nanToZero(error);
    double at = Math.log(target) / Math.log(2);
    double best = still ? mean(bracketed) : line.at(at);
    double reach;
    if (bracketed.stream().allMatch(Fitted::sampled)) {
      double[] predictions = new double[settings.samples()];
      for (int i = 0; i < predictions.length; i++) {
        double[] sample = sample(bracketed, i);
        predictions[i] =
            still
                ? Arrays.stream(sample).average().orElseThrow()
                : Line.through(bracketed, sample).at(at);
      }
      double[] ends = percentiles(predictions);
      reach = Math.max(best - ends[0], ends[1] - best);
    } else {
      double[] ends = interval(bracketed.get(bracketed.size() - 1));
      reach = (ends[1] - ends[0]) / 2;
    }
    // The optimum may drift by what cannot be told from none, all the way to the target.
    double doublings = at - bracketed.get(bracketed.size() - 1).log2Width();
    reach += REACH * nanToZero(error) * Math.max(0, doublings);
    double curvature = bracketed.get(bracketed.size() - 1).minimum().curvature();
    return recommendation(
        target,
        Math.pow(2, best),
        Math.pow(2, best - reach),
        Math.pow(2, best + reach),
        bracketed.stream().map(Fitted::width).toList(),
        Math.expm1(curvature * reach * reach),
        true);
  }

  private static double mean(List<Fitted> fitted) {
    return fitted.stream().mapToDouble(f -> f.minimum().log2Rate()).average().orElseThrow();
  }

  private static Recommendation recommendation(
      int width,
      double rate,
      double lower,
      double upper,
      List<Integer> foundAt,
      double cost,
      boolean predicted) {
    String sentence;
    if (Double.isNaN(rate)) {
      sentence =
          "no width has its best learning rate between rates that were tried: try more of them";
    } else {
      String places =
          foundAt.size() == 1
              ? "width " + foundAt.get(0)
              : "widths %d to %d".formatted(foundAt.get(0), foundAt.get(foundAt.size() - 1));
      sentence =
          "use learning rate %s (%s … %s) at width %d; found at %s; %s cost of not tuning there %s"
              .formatted(
                  number(rate),
                  number(lower),
                  number(upper),
                  width,
                  places,
                  predicted ? "predicted" : "measured",
                  cost(cost, predicted));
    }
    return new Recommendation(width, rate, lower, upper, foundAt, cost, predicted, sentence);
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "unknown";
    }
    if (Double.isInfinite(value)) {
      return "∞";
    }
    if (value == 0) {
      return "0";
    }
    return value < SMALL
        ? String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-")
        : new BigDecimal(value).round(new MathContext(2)).toPlainString();
  }

  private static String cost(double cost, boolean bound) {
    if (cost < LEAST_COST) {
      return "< 0.1 %";
    }
    if (Double.isNaN(cost)) {
      return "unknown";
    }
    return Double.isInfinite(cost)
        ? "everything: it diverges"
        : "%s%s %%".formatted(bound ? "< " : "", number(100 * cost));
  }
}
