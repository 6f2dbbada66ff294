package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import org.widthwise.core.fit.SampleMean;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.TrialState;

/**
 * The loss at one width against the learning rate.
 *
 * @param width the width
 * @param rates the learning rates that were tried, ascending
 * @param seeds the seeds, ascending
 * @param losses by seed and rate; infinite where the trial diverged, NaN where it is not over
 */
public record RateCurve(
    int width, List<Double> rates, List<Long> seeds, List<List<Double>> losses) {

  /**
   * Copies the lists.
   *
   * @param width the width
   * @param rates the learning rates
   * @param seeds the seeds
   * @param losses by seed and rate
   */
  public RateCurve {
    rates = List.copyOf(rates);
    seeds = List.copyOf(seeds);
    losses = losses.stream().map(List::copyOf).toList();
  }

  /**
   * The curves of a sweep: those of trials that differ in width, rate and seed alone stand
   * together.
   *
   * @param trials the trials
   * @param metric what is taken for the loss, at its last step; a trial without it is left out
   * @return by {@link TrialConfiguration#series()}, ascending in width
   */
  public static Map<String, List<RateCurve>> of(List<StoredTrial> trials, String metric) {
    Map<String, NavigableMap<Integer, Map<Double, Map<Long, Double>>>> found = new TreeMap<>();
    for (StoredTrial trial : trials) {
      TrialConfiguration configuration = TrialConfiguration.of(trial.configuration());
      double loss = loss(trial, metric);
      if (!Double.isNaN(loss)) {
        found
            .computeIfAbsent(configuration.series(), any -> new TreeMap<>())
            .computeIfAbsent(configuration.width(), any -> new TreeMap<>())
            .computeIfAbsent(configuration.learningRate(), any -> new TreeMap<>())
            .put(trial.seed(), loss);
      }
    }
    Map<String, List<RateCurve>> curves = new TreeMap<>();
    found.forEach(
        (series, widths) -> {
          List<RateCurve> ofSeries = new ArrayList<>();
          widths.forEach((width, losses) -> ofSeries.add(of(width, losses)));
          curves.put(series, ofSeries);
        });
    return curves;
  }

  /**
   * What is taken for the loss of a trial.
   *
   * @param trial the trial
   * @param metric the name of the metric
   * @return its last value; infinite if the trial diverged, NaN if it has none
   */
  public static double loss(StoredTrial trial, String metric) {
    if (trial.state() == TrialState.DIVERGED) {
      return Double.POSITIVE_INFINITY;
    }
    NavigableMap<Long, Double> values = trial.metrics().get(metric);
    return values == null ? Double.NaN : values.lastEntry().getValue();
  }

  private static RateCurve of(int width, Map<Double, Map<Long, Double>> losses) {
    TreeSet<Long> seeds = new TreeSet<>();
    losses.values().forEach(ofRate -> seeds.addAll(ofRate.keySet()));
    List<List<Double>> table = new ArrayList<>();
    for (long seed : seeds) {
      table.add(
          losses.values().stream().map(ofRate -> ofRate.getOrDefault(seed, Double.NaN)).toList());
    }
    return new RateCurve(width, List.copyOf(losses.keySet()), List.copyOf(seeds), table);
  }

  /**
   * log₂ of the rates.
   *
   * @return ascending
   */
  public double[] log2Rates() {
    return rates.stream().mapToDouble(rate -> Math.log(rate) / Math.log(2)).toArray();
  }

  /**
   * The mean of the logarithm of the loss at each rate over some of the seeds, which may repeat;
   * infinite where one of them diverged, NaN where none is there.
   */
  double[] meanLogLosses(int... which) {
    double[] means = new double[rates.size()];
    for (int rate = 0; rate < means.length; rate++) {
      double sum = 0;
      int count = 0;
      for (int seed : which) {
        double loss = losses.get(seed).get(rate);
        if (!Double.isNaN(loss)) {
          sum += Math.log(loss);
          count++;
        }
      }
      means[rate] = count == 0 ? Double.NaN : sum / count;
    }
    return means;
  }

  /**
   * The mean of the logarithm of the loss at each rate over all seeds.
   *
   * @return infinite where one of them diverged, NaN where none is there
   */
  public double[] meanLogLosses() {
    int[] all = new int[seeds.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return meanLogLosses(all);
  }

  /** The standard error of the mean logarithm at a rate; NaN with one seed. */
  double standardError(int rate) {
    double[] logs =
        losses.stream()
            .mapToDouble(ofSeed -> Math.log(ofSeed.get(rate)))
            .filter(Double::isFinite)
            .toArray();
    return SampleMean.of(logs).standardError();
  }

  int trials() {
    return count(loss -> !Double.isNaN(loss));
  }

  int diverged() {
    return count(loss -> Double.isInfinite(loss));
  }

  private int count(DoublePredicate condition) {
    return (int)
        losses.stream()
            .flatMap(List::stream)
            .mapToDouble(Double::doubleValue)
            .filter(condition)
            .count();
  }
}
