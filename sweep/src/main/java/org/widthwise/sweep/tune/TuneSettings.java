package org.widthwise.sweep.tune;

import java.util.List;
import org.widthwise.sweep.definition.TrialConfiguration;

/**
 * What is to be tuned.
 *
 * @param plan all that trials share but width, rate and what is tuned
 * @param rates the learning rates that a sweep at the target would try; their range is searched
 * @param seeds of every trial that is fitted; the search has the first one alone
 * @param widths the narrow widths, ascending, at least three
 * @param check a width between them and the target, where the prediction is tried
 * @param target the width that is to be trained
 * @param steps of a training
 * @param axes the prefactors that are searched; none for the rate alone
 * @param candidates how many sets of prefactors are tried
 * @param metric what is taken for the loss, as {@link
 *     org.widthwise.sweep.run.TrainingExecutor#FINAL_TRAINING_LOSS}
 */
public record TuneSettings(
    TrialConfiguration plan,
    List<Double> rates,
    List<Long> seeds,
    List<Integer> widths,
    int check,
    int target,
    int steps,
    List<PrefactorAxis> axes,
    int candidates,
    String metric) {

  private static final int LEAST_WIDTHS = 3;

  /** A width of more than so large a part of the target is not narrow. */
  private static final int NARROW = 4;

  /**
   * Checks the numbers.
   *
   * @param plan all that trials share
   * @param rates those of a sweep at the target
   * @param seeds of every trial that is fitted
   * @param widths the narrow widths
   * @param check where the prediction is tried
   * @param target the width that is to be trained
   * @param steps of a training
   * @param axes the prefactors that are searched
   * @param candidates how many sets of prefactors are tried
   * @param metric what is taken for the loss
   * @throws IllegalArgumentException if the widths are too few, out of order, or not narrow
   */
  public TuneSettings {
    rates = rates.stream().sorted().distinct().toList();
    seeds = List.copyOf(seeds);
    widths = widths.stream().sorted().distinct().toList();
    axes = axes.stream().distinct().toList();
    if (widths.size() < LEAST_WIDTHS) {
      throw new IllegalArgumentException(
          "at least %d narrow widths tell how the best rate goes with width, not %s"
              .formatted(LEAST_WIDTHS, widths));
    }
    int widest = widths.get(widths.size() - 1);
    if (widest > target / NARROW) {
      throw new IllegalArgumentException(
          "the narrow widths are at most a quarter of the target %d, but %d is more"
              .formatted(target, widest));
    }
    if (check <= widest || check >= target) {
      throw new IllegalArgumentException(
          "the width of the check is between the widest narrow one and the target, %d and %d, not %d"
              .formatted(widest, target, check));
    }
    if (rates.size() < 2) {
      throw new IllegalArgumentException(
          "a range of learning rates is needed, such as 2^-6..2^2, not " + rates);
    }
    if (candidates < 1) {
      throw new IllegalArgumentException(
          "at least 1 candidate, the plan as it is, is needed, not " + candidates);
    }
  }

  /** Whether twice the widths, and twice the check's, are narrow still. */
  boolean canDouble() {
    return 2 * widths.get(widths.size() - 1) <= target / NARROW && 2 * check < target;
  }

  /** The same at twice the widths, that of the check among them. */
  TuneSettings doubled() {
    return withWidths(widths.stream().map(width -> 2 * width).toList(), 2 * check);
  }

  TuneSettings withWidths(List<Integer> narrow, int between) {
    return new TuneSettings(
        plan, rates, seeds, narrow, between, target, steps, axes, candidates, metric);
  }

  /** The seed of what is only compared, and not fitted. */
  List<Long> firstSeed() {
    return seeds.subList(0, 1);
  }
}
