package org.widthwise.lab.train;

import org.widthwise.torch.engine.ComputeDevice;

/**
 * How long and on what a network is trained.
 *
 * @param steps how many updates, at least 1
 * @param batch the examples of a step, at least 1
 * @param fullBatch whether a step sees all examples, in file order, whatever the batch
 * @param seed decides first weights and the order of the examples
 * @param objective what is made small
 * @param precision the type of weights and features
 * @param checkpointEvery a checkpoint is written after so many steps, and at the end; 0 for at the
 *     end alone
 * @param device where weights, batches and what is computed of them lie
 */
public record TrainingSettings(
    long steps,
    int batch,
    boolean fullBatch,
    long seed,
    Objective objective,
    Precision precision,
    long checkpointEvery,
    ComputeDevice device) {

  /**
   * Checks the numbers.
   *
   * @param steps how many updates
   * @param batch the examples of a step
   * @param fullBatch whether a step sees all examples
   * @param seed decides first weights and order
   * @param objective what is made small
   * @param precision the type of weights and features
   * @param checkpointEvery steps from one checkpoint to the next
   * @param device where the training takes place
   * @throws IllegalArgumentException if one is out of its range
   */
  public TrainingSettings {
    if (steps < 1) {
      throw new IllegalArgumentException("at least 1 step is needed, not " + steps);
    }
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 example, not " + batch);
    }
    if (checkpointEvery < 0) {
      throw new IllegalArgumentException(
          "checkpoints are 1 or more steps apart, or 0 for one at the end, not " + checkpointEvery);
    }
  }

  /**
   * The usual settings: batches of 64 in an order drawn from seed 0, cross-entropy, float32, a
   * checkpoint at the end, on the CPU.
   *
   * @param steps how many updates, at least 1
   * @return the settings
   * @throws IllegalArgumentException if the steps are below 1
   */
  public static TrainingSettings withDefaults(long steps) {
    return new TrainingSettings(
        steps, 64, false, 0, Objective.CROSS_ENTROPY, Precision.FLOAT32, 0, ComputeDevice.CPU);
  }

  /**
   * How many examples a step takes.
   *
   * @param count how many there are
   * @return the batch, or all of them
   */
  public int examplesOfAStep(int count) {
    return fullBatch ? count : batch;
  }

  /**
   * Sets the batch.
   *
   * @param newBatch the examples of a step, at least 1
   * @return the settings
   * @throws IllegalArgumentException if it is below 1
   */
  public TrainingSettings withBatch(int newBatch) {
    return new TrainingSettings(
        steps, newBatch, fullBatch, seed, objective, precision, checkpointEvery, device);
  }

  /**
   * Sets whether each step sees all examples in file order.
   *
   * @param isFullBatch whether it does
   * @return the settings
   */
  public TrainingSettings withFullBatch(boolean isFullBatch) {
    return new TrainingSettings(
        steps, batch, isFullBatch, seed, objective, precision, checkpointEvery, device);
  }

  /**
   * Sets the seed.
   *
   * @param newSeed decides first weights and order
   * @return the settings
   */
  public TrainingSettings withSeed(long newSeed) {
    return new TrainingSettings(
        steps, batch, fullBatch, newSeed, objective, precision, checkpointEvery, device);
  }

  /**
   * Sets the loss.
   *
   * @param newObjective what is made small
   * @return the settings
   */
  public TrainingSettings withObjective(Objective newObjective) {
    return new TrainingSettings(
        steps, batch, fullBatch, seed, newObjective, precision, checkpointEvery, device);
  }

  /**
   * Sets the precision.
   *
   * @param newPrecision the type of weights and features
   * @return the settings
   */
  public TrainingSettings withPrecision(Precision newPrecision) {
    return new TrainingSettings(
        steps, batch, fullBatch, seed, objective, newPrecision, checkpointEvery, device);
  }

  /**
   * Sets how far apart checkpoints are.
   *
   * @param newCheckpointEvery in steps; 0 for one at the end alone
   * @return the settings
   * @throws IllegalArgumentException if it is negative
   */
  public TrainingSettings withCheckpointEvery(long newCheckpointEvery) {
    return new TrainingSettings(
        steps, batch, fullBatch, seed, objective, precision, newCheckpointEvery, device);
  }

  /**
   * Sets the device.
   *
   * @param newDevice where the training takes place; it must be there
   * @return the settings
   */
  public TrainingSettings withDevice(ComputeDevice newDevice) {
    return new TrainingSettings(
        steps, batch, fullBatch, seed, objective, precision, checkpointEvery, newDevice);
  }
}
