package org.widthwise.lab.figure;

import java.util.List;

/**
 * What a reader may change about a figure's experiment.
 *
 * @param widths the hidden widths, ascending, each at least 1
 * @param trials how many networks of each kind, at least 1
 * @param steps how many steps each is trained, at least 1
 * @param seed decides data subsets and initial weights
 */
public record FigureSettings(List<Long> widths, int trials, int steps, long seed) {

  /** Tensors have larger dimensions, but matrices as arrays do not; memory ends long before. */
  private static final long GREATEST_WIDTH = Integer.MAX_VALUE;

  /**
   * Checks and sorts.
   *
   * @param widths the hidden widths
   * @param trials how many networks of each kind
   * @param steps how many steps each is trained
   * @param seed decides data subsets and initial weights
   * @throws IllegalArgumentException if a number is out of range; the message says which
   */
  public FigureSettings {
    widths = widths.stream().distinct().sorted().toList();
    if (widths.isEmpty()) {
      throw new IllegalArgumentException("at least one width is needed");
    }
    for (long width : widths) {
      if (width < 1 || width > GREATEST_WIDTH) {
        throw new IllegalArgumentException(
            "a width is between 1 and %d, but one is %d".formatted(GREATEST_WIDTH, width));
      }
    }
    if (trials < 1) {
      throw new IllegalArgumentException("at least 1 trial is needed, not " + trials);
    }
    if (steps < 1) {
      throw new IllegalArgumentException("at least 1 step is needed, not " + steps);
    }
  }

  /**
   * The same with other widths.
   *
   * @param newWidths the widths
   * @return the settings
   */
  public FigureSettings withWidths(List<Long> newWidths) {
    return new FigureSettings(newWidths, trials, steps, seed);
  }

  /**
   * The same with another number of trials.
   *
   * @param newTrials the number
   * @return the settings
   */
  public FigureSettings withTrials(int newTrials) {
    return new FigureSettings(widths, newTrials, steps, seed);
  }

  /**
   * The same with another number of steps.
   *
   * @param newSteps the number
   * @return the settings
   */
  public FigureSettings withSteps(int newSteps) {
    return new FigureSettings(widths, trials, newSteps, seed);
  }

  /**
   * The same with another seed.
   *
   * @param newSeed the seed
   * @return the settings
   */
  public FigureSettings withSeed(long newSeed) {
    return new FigureSettings(widths, trials, steps, newSeed);
  }
}
