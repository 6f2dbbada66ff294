package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.StoredTrial;

/** Fits exponents of width to what trials measured of their layers. */
final class SpectralExponents {

  private final Map<Integer, List<StoredTrial>> byWidth = new TreeMap<>();
  private final Map<String, Double> rates = new HashMap<>();

  /**
   * Of one series.
   *
   * @param trials its trials
   */
  SpectralExponents(List<StoredTrial> trials) {
    Map<Integer, Set<Double>> tried = new TreeMap<>();
    for (StoredTrial trial : trials) {
      TrialConfiguration configuration = TrialConfiguration.of(trial.configuration());
      rates.put(trial.digest(), configuration.learningRate());
      byWidth.computeIfAbsent(configuration.width(), any -> new ArrayList<>()).add(trial);
      if (trial.metrics().keySet().stream().anyMatch(this::isOfLayer)) {
        tried
            .computeIfAbsent(configuration.width(), any -> new TreeSet<>())
            .add(configuration.learningRate());
      }
    }
    // At equal rates, or the rates' own drift would be taken for the layers'.
    Set<Double> common = new TreeSet<>(tried.values().stream().findFirst().orElse(Set.of()));
    tried.values().forEach(common::retainAll);
    byWidth
        .values()
        .forEach(own -> own.removeIf(trial -> !common.contains(rates.get(trial.digest()))));
    byWidth.values().removeIf(List::isEmpty);
  }

  private boolean isOfLayer(String metric) {
    return metric.startsWith(TrainingExecutor.UPDATE);
  }

  /** The layers in the order of their names. */
  List<LayerExponents> layers() {
    Set<String> names = new TreeSet<>();
    for (List<StoredTrial> trials : byWidth.values()) {
      for (StoredTrial trial : trials) {
        for (String metric : trial.metrics().keySet()) {
          if (isOfLayer(metric)) {
            names.add(metric.substring(TrainingExecutor.UPDATE.length()));
          }
        }
      }
    }
    return names.stream().map(this::layer).toList();
  }

  private LayerExponents layer(String name) {
    double[] update = fit(trial -> first(trial, TrainingExecutor.UPDATE + name));
    double[] alignment = fit(trial -> last(trial, TrainingExecutor.UPDATE_ALIGNMENT + name));
    double[] weight = fit(trial -> first(trial, TrainingExecutor.WEIGHT + name));
    return new LayerExponents(
        name,
        update[0],
        update[1],
        perRate(TrainingExecutor.UPDATE + name),
        alignment[0],
        alignment[1],
        weight[0],
        weight[1]);
  }

  private static double first(StoredTrial trial, String metric) {
    @Nullable NavigableMap<Long, Double> values = trial.metrics().get(metric);
    return values == null ? Double.NaN : values.firstEntry().getValue();
  }

  private static double last(StoredTrial trial, String metric) {
    @Nullable NavigableMap<Long, Double> values = trial.metrics().get(metric);
    return values == null ? Double.NaN : values.lastEntry().getValue();
  }

  private double perRate(String metric) {
    return byWidth.values().stream()
        .findFirst()
        .map(
            trials ->
                Math.exp(
                    meanLog(
                        trials,
                        trial ->
                            first(trial, metric) / rates.getOrDefault(trial.digest(), Double.NaN))))
        .orElse(Double.NaN);
  }

  /** The exponent and its standard error; NaN where there are too few widths. */
  private double[] fit(ToDoubleFunction<StoredTrial> value) {
    List<double[]> points = new ArrayList<>();
    byWidth.forEach(
        (width, trials) -> {
          double mean = meanLog(trials, value);
          if (Double.isFinite(mean)) {
            points.add(new double[] {width, Math.exp(mean)});
          }
        });
    if (points.size() < 2) {
      return new double[] {Double.NaN, Double.NaN};
    }
    PowerLawFit fit =
        PowerLaw.fit(
            points.stream().mapToDouble(point -> point[0]).toArray(),
            points.stream().mapToDouble(point -> point[1]).toArray());
    return new double[] {fit.exponent(), fit.exponentStandardError().orElse(Double.NaN)};
  }

  private static double meanLog(List<StoredTrial> trials, ToDoubleFunction<StoredTrial> value) {
    return Arrays.stream(trials.stream().mapToDouble(value).toArray())
        .filter(number -> number > 0 && Double.isFinite(number))
        .map(Math::log)
        .average()
        .orElse(Double.NaN);
  }
}
