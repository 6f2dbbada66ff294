package org.widthwise.lab.check;

import java.util.List;
import org.widthwise.lab.train.Objective;
import org.widthwise.lab.train.Precision;
import org.widthwise.torch.engine.ComputeDevice;

/**
 * At which widths a family is looked at, and for how long.
 *
 * @param widths at least three, ascending
 * @param trials how many first weights and orders of examples at each width, at least 1
 * @param steps how many updates, at least 1
 * @param batch the examples of a step, at least 1
 * @param seed decides first weights and order
 * @param tolerance how far a slope may be from 0, above 0
 * @param objective what is made small
 * @param precision the type of weights and features
 * @param device where the networks are trained
 */
public record CheckSettings(
    List<Integer> widths,
    int trials,
    int steps,
    int batch,
    long seed,
    double tolerance,
    Objective objective,
    Precision precision,
    ComputeDevice device) {

  private static final int LEAST_WIDTHS = 3;

  /**
   * Checks the numbers.
   *
   * @param widths at least three, ascending
   * @param trials how many trials at each width
   * @param steps how many updates
   * @param batch the examples of a step
   * @param seed decides first weights and order
   * @param tolerance how far a slope may be from 0
   * @param objective what is made small
   * @param precision the type of weights and features
   * @param device where the networks are trained
   * @throws IllegalArgumentException if one is out of its range
   */
  public CheckSettings {
    widths = List.copyOf(widths);
    boolean ascending = true;
    for (int i = 1; i < widths.size(); i++) {
      ascending &= widths.get(i) > widths.get(i - 1);
    }
    if (widths.size() < LEAST_WIDTHS || !ascending || widths.get(0) < 1) {
      throw new IllegalArgumentException(
          "a slope and its error need at least three widths in ascending order, not " + widths);
    }
    if (trials < 1 || steps < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "trials, steps and batch must be at least 1, not %d, %d and %d"
              .formatted(trials, steps, batch));
    }
    if (!(tolerance > 0 && Double.isFinite(tolerance))) {
      throw new IllegalArgumentException(
          "the tolerance of a slope must be above 0 and finite, not " + tolerance);
    }
  }

  /**
   * Widths 64 to 512, three trials, 8 steps of 32 examples, slopes within ±0.2 (two fifths of the
   * spacing of the theory's exponents), on the CPU.
   *
   * @return the settings
   */
  public static CheckSettings withDefaults() {
    return new CheckSettings(
        List.of(64, 128, 256, 512),
        3,
        8,
        32,
        0,
        0.2,
        Objective.CROSS_ENTROPY,
        Precision.FLOAT32,
        ComputeDevice.CPU);
  }

  /**
   * Sets the widths.
   *
   * @param newWidths at least three, ascending
   * @return the settings
   * @throws IllegalArgumentException if there are fewer, or they do not ascend
   */
  public CheckSettings withWidths(List<Integer> newWidths) {
    return new CheckSettings(
        newWidths, trials, steps, batch, seed, tolerance, objective, precision, device);
  }

  /**
   * Sets how much is run.
   *
   * @param newTrials trials at each width, at least 1
   * @param newSteps updates, at least 1
   * @param newBatch examples of a step, at least 1
   * @return the settings
   * @throws IllegalArgumentException if one is below 1
   */
  public CheckSettings withLength(int newTrials, int newSteps, int newBatch) {
    return new CheckSettings(
        widths, newTrials, newSteps, newBatch, seed, tolerance, objective, precision, device);
  }

  /**
   * Sets the seed.
   *
   * @param newSeed decides first weights and order
   * @return the settings
   */
  public CheckSettings withSeed(long newSeed) {
    return new CheckSettings(
        widths, trials, steps, batch, newSeed, tolerance, objective, precision, device);
  }

  /**
   * Sets the tolerance.
   *
   * @param newTolerance how far a slope may be from 0, above 0
   * @return the settings
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public CheckSettings withTolerance(double newTolerance) {
    return new CheckSettings(
        widths, trials, steps, batch, seed, newTolerance, objective, precision, device);
  }

  /**
   * Sets the loss.
   *
   * @param newObjective what is made small
   * @return the settings
   */
  public CheckSettings withObjective(Objective newObjective) {
    return new CheckSettings(
        widths, trials, steps, batch, seed, tolerance, newObjective, precision, device);
  }

  /**
   * Sets the device.
   *
   * @param newDevice where the networks are trained; it must be there
   * @return the settings
   */
  public CheckSettings withDevice(ComputeDevice newDevice) {
    return new CheckSettings(
        widths, trials, steps, batch, seed, tolerance, objective, precision, newDevice);
  }
}
