package org.widthwise.lab.experiment;

import java.util.List;
import org.widthwise.torch.engine.ComputeDevice;

/**
 * What a reader may change about a study.
 *
 * @param widths the hidden widths, ascending, each at least 1
 * @param batches the batch sizes, ascending, each at least 1; empty where the study has none to
 *     choose
 * @param trials how many members of each kind, at least 1
 * @param steps how many steps each is trained, at least 1; 0 where the study trains nothing
 * @param seed decides data subsets and initial weights
 * @param device where members are trained and measured
 */
public record Settings(
    List<Long> widths, List<Long> batches, int trials, int steps, long seed, ComputeDevice device) {

  /** Tensors have larger dimensions, but matrices as arrays do not; memory ends long before. */
  private static final long GREATEST_SIZE = Integer.MAX_VALUE;

  /**
   * Checks and sorts.
   *
   * @param widths the hidden widths
   * @param batches the batch sizes
   * @param trials how many members of each kind
   * @param steps how many steps each is trained
   * @param seed decides data subsets and initial weights
   * @param device where members are trained and measured
   * @throws IllegalArgumentException if a number is out of range; the message says which
   */
  public Settings {
    widths = sizes("width", widths);
    batches = sizes("batch size", batches);
    if (widths.isEmpty()) {
      throw new IllegalArgumentException("at least one width is needed");
    }
    if (trials < 1) {
      throw new IllegalArgumentException("at least 1 trial is needed, not " + trials);
    }
    if (steps < 0) {
      throw new IllegalArgumentException("at least 1 step is needed, not " + steps);
    }
  }

  /**
   * Settings of a study that trains networks of different widths.
   *
   * @param widths the hidden widths
   * @param trials how many members of each kind
   * @param steps how many steps each is trained
   * @return the settings, with seed 0, on the CPU
   */
  public static Settings training(List<Long> widths, int trials, int steps) {
    return new Settings(widths, List.of(), trials, steps, 0, ComputeDevice.CPU);
  }

  /**
   * Settings of a study that trains nothing.
   *
   * @param widths the widths
   * @param trials how many members of each kind
   * @return the settings, with seed 0, on the CPU
   */
  public static Settings measuring(List<Long> widths, int trials) {
    return new Settings(widths, List.of(), trials, 0, 0, ComputeDevice.CPU);
  }

  private static List<Long> sizes(String noun, List<Long> given) {
    for (long size : given) {
      if (size < 1 || size > GREATEST_SIZE) {
        throw new IllegalArgumentException(
            "a %s is between 1 and %d, but one is %d".formatted(noun, GREATEST_SIZE, size));
      }
    }
    return given.stream().distinct().sorted().toList();
  }

  /**
   * Tells whether there are batch sizes to choose.
   *
   * @return whether the study has any
   */
  public boolean hasBatches() {
    return !batches.isEmpty();
  }

  /**
   * Tells whether there is a number of steps to choose.
   *
   * @return whether the study trains
   */
  public boolean trains() {
    return steps > 0;
  }

  /**
   * The same with other widths.
   *
   * @param newWidths the widths
   * @return the settings
   * @throws IllegalArgumentException if one is out of range or there is none
   */
  public Settings withWidths(List<Long> newWidths) {
    return new Settings(newWidths, batches, trials, steps, seed, device);
  }

  /**
   * The same with other batch sizes.
   *
   * @param newBatches the batch sizes
   * @return the settings
   * @throws IllegalArgumentException if one is out of range or there is none
   */
  public Settings withBatches(List<Long> newBatches) {
    if (newBatches.isEmpty()) {
      throw new IllegalArgumentException("at least one batch size is needed");
    }
    return new Settings(widths, newBatches, trials, steps, seed, device);
  }

  /**
   * The same with another number of trials.
   *
   * @param newTrials the number
   * @return the settings
   * @throws IllegalArgumentException if it is below 1
   */
  public Settings withTrials(int newTrials) {
    return new Settings(widths, batches, newTrials, steps, seed, device);
  }

  /**
   * The same with another number of steps.
   *
   * @param newSteps the number
   * @return the settings
   * @throws IllegalArgumentException if it is below 1
   */
  public Settings withSteps(int newSteps) {
    if (newSteps < 1) {
      throw new IllegalArgumentException("at least 1 step is needed, not " + newSteps);
    }
    return new Settings(widths, batches, trials, newSteps, seed, device);
  }

  /**
   * The same with another seed.
   *
   * @param newSeed the seed
   * @return the settings
   */
  public Settings withSeed(long newSeed) {
    return new Settings(widths, batches, trials, steps, newSeed, device);
  }

  /**
   * The same on another device.
   *
   * @param newDevice the device, which must be there
   * @return the settings
   */
  public Settings withDevice(ComputeDevice newDevice) {
    return new Settings(widths, batches, trials, steps, seed, newDevice);
  }
}
