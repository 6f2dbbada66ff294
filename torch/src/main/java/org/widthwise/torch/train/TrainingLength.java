package org.widthwise.torch.train;

/**
 * How long to train, and how often to look.
 *
 * @param steps the number of steps, not negative
 * @param reportEvery the loss is computed, checked and reported before the first step, whenever the
 *     number of steps taken is a multiple of this, and after the last; at least 1
 */
public record TrainingLength(long steps, long reportEvery) {
  /**
   * Checks the numbers.
   *
   * @param steps the number of steps, not negative
   * @param reportEvery how many steps lie between two reports, at least 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  public TrainingLength {
    if (steps < 0) {
      throw new IllegalArgumentException("the number of steps must not be negative: " + steps);
    }
    if (reportEvery < 1) {
      throw new IllegalArgumentException(
          "a report is due every 1 or more steps, but got " + reportEvery);
    }
  }

  /**
   * A length that is looked at only at its beginning and end.
   *
   * @param steps the number of steps, not negative
   * @return the length
   */
  public static TrainingLength ofSteps(long steps) {
    return new TrainingLength(steps, Math.max(1, steps));
  }

  boolean reportsAfter(long stepsTaken) {
    return stepsTaken == steps || stepsTaken % reportEvery == 0;
  }
}
