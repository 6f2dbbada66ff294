package org.widthwise.lab.paper;

import org.widthwise.torch.nn.MlpShape;

/**
 * How much work members are, for the order they are run in and the time to go, and nothing else: in
 * floating-point operations of matrix products. What a processor does at another pace counts as so
 * many of them as it would have done meanwhile; these factors are from runs on two cores of an AMD
 * EPYC, and hold within a factor of two or so.
 */
final class Work {

  /** Drawing examples and weights, and storing the result. */
  static final double MEMBER = 1e9;

  /** A training step, whatever its size. */
  static final double STEP = 3e6;

  /** Drawing a Gaussian entry and finding the spectral norm where there is no gap. */
  static final double RANDOM_ENTRY = 6000;

  /** Making an update of a gradient and adding it, for each entry. */
  private static final double UPDATED_ENTRY = 300;

  /** Finding a spectral norm, most of them of updates of low rank, for each entry. */
  private static final double MEASURED_ENTRY = 500;

  private Work() {}

  /** The number of weights of a network. */
  static double entries(MlpShape shape) {
    double entries = 0;
    for (int layer = 0; layer < shape.depth(); layer++) {
      entries += (double) shape.fanIn(layer) * shape.fanOut(layer);
    }
    return entries;
  }

  /**
   * A network that is trained step by step.
   *
   * @param entries the number of its weights
   * @param examples in each step
   * @param steps how many
   * @param measured how many times all of its matrices are measured
   */
  static double stepwise(double entries, int examples, long steps, int measured) {
    // Forward, by the weights and by the features, a multiplication and an addition each.
    double step = STEP + entries * (6.0 * examples + UPDATED_ENTRY);
    return MEMBER + steps * step + measured * entries * MEASURED_ENTRY;
  }
}
