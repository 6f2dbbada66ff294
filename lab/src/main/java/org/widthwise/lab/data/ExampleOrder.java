package org.widthwise.lab.data;

import java.util.Arrays;

/**
 * Which examples each step of a training sees: all of them once in an order drawn at random, an
 * epoch, then again in another one. What is left over at an epoch's end, being fewer than a batch,
 * is not seen in it. The examples of a step depend on count, batch size, seed and step alone, so
 * that a training can be taken up at any step.
 */
public final class ExampleOrder {

  private final int count;
  private final int batch;
  private final long seed;
  private long epoch = -1;
  private int[] permutation = {};

  /**
   * The order of a training.
   *
   * @param count how many examples there are
   * @param batch how many of them a step sees, at least 1 and at most the count
   * @param seed the seed
   * @throws IllegalArgumentException if the batch is empty or larger than the count
   */
  public ExampleOrder(int count, int batch, long seed) {
    if (batch < 1 || batch > count) {
      throw new IllegalArgumentException(
          "a batch has at least 1 example and at most all %d, but %d are asked for"
              .formatted(count, batch));
    }
    this.count = count;
    this.batch = batch;
    this.seed = seed;
  }

  /**
   * The examples of a step.
   *
   * @param step which, the first being 1
   * @return a fresh array {@code [batch]} of distinct indices, each 0..count−1
   * @throws IllegalArgumentException if the step is below 1
   */
  public int[] minibatch(long step) {
    if (step < 1) {
      throw new IllegalArgumentException("steps are counted from 1, but this one is " + step);
    }
    int batchesInEpoch = count / batch;
    long wanted = (step - 1) / batchesInEpoch;
    if (wanted != epoch) {
      permutation = permutation(wanted);
      epoch = wanted;
    }
    int from = (int) ((step - 1) % batchesInEpoch) * batch;
    return Arrays.copyOfRange(permutation, from, from + batch);
  }

  private int[] permutation(long ofEpoch) {
    SplitMix64 random = SplitMix64.of(seed, ofEpoch);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
