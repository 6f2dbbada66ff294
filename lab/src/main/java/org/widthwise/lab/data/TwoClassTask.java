package org.widthwise.lab.data;

import java.util.Set;

/**
 * The data of the paper's figures 2 and 4 to 6: B examples from two classes with targets ±1. The
 * paper takes B = 200 of CIFAR-10's airplanes and automobiles (section 6 and appendix A of "A
 * Spectral Condition for Feature Learning"); pixels are standardised jointly, see {@link
 * ImageBatch}.
 */
public final class TwoClassTask {
  private final ImageBatch batch;
  private final int positive;

  private TwoClassTask(ImageBatch batch, int positive) {
    this.batch = batch;
    this.positive = positive;
  }

  /**
   * Draws the task from two classes.
   *
   * @param dataset where from
   * @param positive the label whose target is +1
   * @param negative the label whose target is −1
   * @param examples B, how many images of both classes together
   * @param seed the seed of the experiment
   * @param trial which trial of the experiment; trials draw independently
   * @return the task
   * @throws DataException if the data set has fewer than {@code examples} images of both classes
   * @throws IllegalArgumentException if the classes are equal or {@code examples} is not positive
   */
  public static TwoClassTask draw(
      ImageDataset dataset, int positive, int negative, int examples, long seed, int trial) {
    if (positive == negative) {
      throw new IllegalArgumentException("the two classes must differ, both are " + positive);
    }
    Set<Integer> classes = Set.of(positive, negative);
    return new TwoClassTask(ImageBatch.draw(dataset, classes, examples, seed, trial), positive);
  }

  /**
   * Draws the paper's task: class 0 (airplane) against class 1 (automobile).
   *
   * @param dataset where from: CIFAR-10 or its stand-in
   * @param examples B, how many images; the paper has 200
   * @param seed the seed of the experiment
   * @param trial which trial of the experiment; trials draw independently
   * @return the task, airplanes +1 and automobiles −1
   * @throws DataException if the data set has fewer than {@code examples} images of both classes
   * @throws IllegalArgumentException if {@code examples} is not positive
   */
  public static TwoClassTask draw(ImageDataset dataset, int examples, long seed, int trial) {
    return draw(dataset, 0, 1, examples, seed, trial);
  }

  /**
   * Returns the images behind the task.
   *
   * @return the batch, with its labels, indices and standardisation
   */
  public ImageBatch batch() {
    return batch;
  }

  /**
   * Returns the standardised pixels.
   *
   * @return a fresh array, row-major {@code [examples, features]}, of mean 0 and variance 1 over
   *     all its entries
   */
  public float[] inputs() {
    return batch.inputs();
  }

  /**
   * Returns the targets.
   *
   * @return a fresh array {@code [examples]} of +1 and −1
   */
  public float[] targets() {
    float[] targets = new float[batch.examples()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = batch.label(i) == positive ? 1 : -1;
    }
    return targets;
  }
}
