package org.widthwise.sweep.transfer;

/**
 * How transfer is judged.
 *
 * @param metric what is taken for the loss
 * @param tolerance a drift of at most so many octaves for each doubling counts as none
 * @param target the width to recommend a rate for; 0 for the widest that was tried
 * @param samples bootstrap samples
 * @param seed of the bootstrap
 */
public record TransferSettings(
    String metric, double tolerance, int target, int samples, long seed) {

  /**
   * Checks the numbers.
   *
   * @param metric what is taken for the loss
   * @param tolerance of the drift
   * @param target the width to recommend a rate for
   * @param samples bootstrap samples
   * @param seed of the bootstrap
   * @throws IllegalArgumentException if one is out of its range
   */
  public TransferSettings {
    if (!(tolerance > 0 && Double.isFinite(tolerance))) {
      throw new IllegalArgumentException("the tolerance must be above 0, not " + tolerance);
    }
    if (target < 0) {
      throw new IllegalArgumentException("the target is a width, not " + target);
    }
    if (samples < 1) {
      throw new IllegalArgumentException("at least 1 bootstrap sample is needed, not " + samples);
    }
  }

  /**
   * The usual: a tolerance of 0.1, the widest width, 1000 samples.
   *
   * @param metric what is taken for the loss
   * @return the settings
   */
  public static TransferSettings of(String metric) {
    return new TransferSettings(metric, 0.1, 0, 1000, 0);
  }

  /**
   * Sets the tolerance.
   *
   * @param newTolerance above 0
   * @return the settings
   */
  public TransferSettings withTolerance(double newTolerance) {
    return new TransferSettings(metric, newTolerance, target, samples, seed);
  }

  /**
   * Sets the width to recommend a rate for.
   *
   * @param newTarget a width; 0 for the widest that was tried
   * @return the settings
   */
  public TransferSettings withTarget(int newTarget) {
    return new TransferSettings(metric, tolerance, newTarget, samples, seed);
  }
}
