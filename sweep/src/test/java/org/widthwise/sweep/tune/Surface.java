package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.TrialState;

/** Losses that are made up, so that the best rate at each width is known. */
final class Surface implements Trainer {

  private final double curvature;
  private final double noise;
  private final long seed;
  private final ToDoubleFunction<TrialConfiguration> best;
  private final ToDoubleFunction<TrialConfiguration> logLoss;
  private final String metric;
  private final Map<String, List<StoredTrial>> trials = new LinkedHashMap<>();

  /** How many trials were trained, those that were there before not counted. */
  private int trained;

  /**
   * A surface.
   *
   * @param curvature of the logarithm of the loss
   * @param noise its standard deviation
   * @param seed of the noise
   * @param best log₂ of the best rate
   * @param logLoss the logarithm of the least loss
   */
  Surface(
      double curvature,
      double noise,
      long seed,
      ToDoubleFunction<TrialConfiguration> best,
      ToDoubleFunction<TrialConfiguration> logLoss) {
    this(curvature, noise, seed, best, logLoss, TrainingExecutor.FINAL_TRAINING_LOSS);
  }

  private Surface(
      double curvature,
      double noise,
      long seed,
      ToDoubleFunction<TrialConfiguration> best,
      ToDoubleFunction<TrialConfiguration> logLoss,
      String metric) {
    this.curvature = curvature;
    this.noise = noise;
    this.seed = seed;
    this.best = best;
    this.logLoss = logLoss;
    this.metric = metric;
  }

  /** The same losses by another name. */
  Surface as(String name) {
    return new Surface(curvature, noise, seed, best, logLoss, name);
  }

  static double log2(double number) {
    return Math.log(number) / Math.log(2);
  }

  @Override
  public List<StoredTrial> train(Stage stage, List<TrialConfiguration> wanted, List<Long> seeds) {
    List<StoredTrial> there = trials.computeIfAbsent(stage.name(), any -> new ArrayList<>());
    for (TrialConfiguration trial : wanted) {
      for (long one : seeds) {
        boolean known =
            there.stream().anyMatch(t -> t.configuration().equals(trial.json()) && t.seed() == one);
        if (!known) {
          trained++;
          there.add(stored(stage, trial, one));
        }
      }
    }
    return List.copyOf(there);
  }

  private StoredTrial stored(Stage stage, TrialConfiguration trial, long own) {
    double t = log2(trial.learningRate()) - best.applyAsDouble(trial);
    Random random = new Random(seed * 31 + own * 7919 + trial.json().hashCode() + stage.steps());
    // The first numbers of neighbouring seeds are alike.
    random.nextDouble();
    double loss =
        Math.exp(logLoss.applyAsDouble(trial) + curvature * t * t + noise * random.nextGaussian());
    return new StoredTrial(
        stage.name() + trial.json() + own,
        trial.json(),
        own,
        trial.width(),
        TrialState.DONE,
        1,
        0,
        0,
        "",
        1,
        "",
        "",
        Map.of(metric, new TreeMap<>(Map.of(1L, loss))));
  }

  int trained() {
    return trained;
  }

  /** By what the trainer saw: steps of each stage, and the configuration. */
  Map<String, List<StoredTrial>> stages() {
    return trials;
  }
}
