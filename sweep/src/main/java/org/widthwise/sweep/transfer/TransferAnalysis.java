package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;

/** Asks of a sweep whether the best learning rate stays where it is when the width grows. */
public final class TransferAnalysis {

  /** Ends of an interval that 95 % of a normal distribution lie in, to the nearest half. */
  private static final double REACH = 2;

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

  private Optional<SeriesTransfer> of(
      String series, List<RateCurve> curves, List<StoredTrial> trials) {
    List<FittedCurve> fitted = FittedCurve.of(curves, settings);
    if (fitted.isEmpty()) {
      return Optional.empty();
    }
    FittedCurve narrow = fitted.get(0);
    double fixed = fixedRate(fitted);
    List<WidthOptimum> widths = new ArrayList<>();
    for (FittedCurve one : fitted) {
      widths.add(optimum(one, narrow, fixed));
    }
    List<FittedCurve> bracketed = fitted.stream().filter(f -> f.minimum().bracketed()).toList();
    WidthLine line = WidthLine.through(WidthLaw.POWER, bracketed);
    List<Double> successive = new ArrayList<>();
    for (int i = 1; i < fitted.size(); i++) {
      WidthLine pair = WidthLine.through(WidthLaw.POWER, List.of(fitted.get(i - 1), fitted.get(i)));
      successive.add(pair.slope());
    }
    double error = line.error(bracketed, settings.samples());
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
            new Recommender(settings, WidthLaw.of(trials))
                .recommend(fitted, widths, bracketed, line, error, verdict),
            DriftCauses.of(
                trials, verdict, new DriftCauses.Drift(line.slope(), error), this::drift)));
  }

  /** The drift of one series by another metric. */
  private DriftCauses.Drift drift(List<StoredTrial> trials, String metric) {
    List<FittedCurve> bracketed =
        RateCurve.of(trials, metric).values().stream()
            .flatMap(curves -> FittedCurve.of(curves, settings).stream())
            .filter(one -> one.minimum().bracketed())
            .toList();
    WidthLine line = WidthLine.through(WidthLaw.POWER, bracketed);
    return new DriftCauses.Drift(line.slope(), line.error(bracketed, settings.samples()));
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

  /** The rate tried at every width that is nearest to the narrowest width's best one. */
  private static double fixedRate(List<FittedCurve> fitted) {
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

  private static boolean widerIsBetter(List<FittedCurve> fitted, double fixed) {
    if (Double.isNaN(fixed) || fitted.size() < 2) {
      return false;
    }
    for (int i = 1; i < fitted.size(); i++) {
      FittedCurve narrower = fitted.get(i - 1);
      FittedCurve wider = fitted.get(i);
      int before = narrower.curve().rates().indexOf(fixed);
      int after = wider.curve().rates().indexOf(fixed);
      double error =
          Math.hypot(
              FittedCurve.nanToZero(narrower.curve().standardError(before)),
              FittedCurve.nanToZero(wider.curve().standardError(after)));
      if (!(wider.y()[after] <= narrower.y()[before] + REACH * error)) {
        return false;
      }
    }
    return true;
  }

  private static WidthOptimum optimum(FittedCurve one, FittedCurve narrow, double fixed) {
    double[] interval = one.interval();
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
}
