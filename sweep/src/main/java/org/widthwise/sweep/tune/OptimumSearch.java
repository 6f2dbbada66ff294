package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.transfer.Minimum;
import org.widthwise.sweep.transfer.RateCurve;

/**
 * Looks for the best rate of a plan at one width: an octave to either side of a guess in half
 * octaves, and further wherever the least loss is nearer than an octave to the end of what was
 * tried, unless the next rate diverges.
 */
final class OptimumSearch {

  /** In half octaves: what the parabola is fitted to has an octave to either side. */
  private static final long MARGIN = 2;

  /** In half octaves: so far beyond the rates that were asked for is looked, and no farther. */
  private static final long BEYOND = 6;

  /** In octaves: so far from a prediction is looked for what is better. */
  private static final int FARTHEST = 3;

  private final Trainer trainer;
  private final Trainer.Stage stage;
  private final String metric;
  private final List<Long> seeds;
  private final long least;
  private final long most;

  /**
   * A search.
   *
   * @param trainer trains
   * @param stage what the trials belong to
   * @param metric what is taken for the loss
   * @param seeds of each trial
   * @param rates those that were asked for
   */
  OptimumSearch(
      Trainer trainer, Trainer.Stage stage, String metric, List<Long> seeds, List<Double> rates) {
    this.trainer = trainer;
    this.stage = stage;
    this.metric = metric;
    this.seeds = List.copyOf(seeds);
    this.least =
        HalfOctaves.nearest(rates.stream().mapToDouble(r -> r).min().orElseThrow()) - BEYOND;
    this.most =
        HalfOctaves.nearest(rates.stream().mapToDouble(r -> r).max().orElseThrow()) + BEYOND;
  }

  /**
   * Searches.
   *
   * @param plan at the width, and at the rate that is the guess
   * @return the loss against the rate, as far as it was tried
   */
  RateCurve near(TrialConfiguration plan) throws InterruptedException {
    long centre = Math.max(least, Math.min(most, HalfOctaves.nearest(plan.learningRate())));
    long low = Math.max(least, centre - MARGIN);
    long high = Math.min(most, centre + MARGIN);
    while (true) {
      RateCurve curve = train(plan, low, high);
      double[] y = curve.meanLogLosses();
      int best = Minimum.smallest(y);
      long newLow = low;
      long newHigh = high;
      if (best < 0) {
        // All diverged.
        newLow = low - MARGIN;
      } else {
        long at = HalfOctaves.nearest(curve.rates().get(best));
        boolean cliff = best + 1 < y.length && !Double.isFinite(y[best + 1]);
        newLow = Math.min(low, at - MARGIN);
        newHigh = cliff ? high : Math.max(high, at + MARGIN);
      }
      newLow = Math.max(least, newLow);
      newHigh = Math.min(most, newHigh);
      if (newLow == low && newHigh == high) {
        return curve;
      }
      low = newLow;
      high = newHigh;
    }
  }

  /**
   * Tries a rate and those an octave to either side, and further while the least loss is at an end.
   *
   * @param plan at the width, and at the rate that is tried
   * @return the loss against the rate
   */
  RateCurve byOctaves(TrialConfiguration plan) throws InterruptedException {
    int low = -1;
    int high = 1;
    while (true) {
      List<TrialConfiguration> trials = new ArrayList<>();
      for (int octave = low; octave <= high; octave++) {
        trials.add(plan.at(plan.width(), plan.learningRate() * Math.pow(2, octave)));
      }
      RateCurve curve = train(plan, trials);
      int best = Minimum.smallest(curve.meanLogLosses());
      boolean down = best <= 0 && low > -FARTHEST;
      boolean up = best == high - low && high < FARTHEST;
      if (!down && !up) {
        return curve;
      }
      low -= down ? 1 : 0;
      high += up ? 1 : 0;
    }
  }

  private RateCurve train(TrialConfiguration plan, long low, long high)
      throws InterruptedException {
    List<TrialConfiguration> trials = new ArrayList<>();
    for (long number = low; number <= high; number++) {
      trials.add(plan.at(plan.width(), HalfOctaves.rate(number)));
    }
    return train(plan, trials);
  }

  private RateCurve train(TrialConfiguration plan, List<TrialConfiguration> trials)
      throws InterruptedException {
    Set<String> own = new HashSet<>();
    trials.forEach(trial -> own.add(trial.json()));
    // What is found depends on what is asked for, not on what was tried before.
    List<StoredTrial> found =
        trainer.train(stage, trials, seeds).stream()
            .filter(trial -> own.contains(trial.configuration()) && seeds.contains(trial.seed()))
            .toList();
    return RateCurve.of(found, metric).getOrDefault(plan.series(), List.of()).stream()
        .findFirst()
        .orElseGet(() -> new RateCurve(plan.width(), List.of(), List.of(), List.of()));
  }
}
