package org.widthwise.torch.train;

import java.util.function.Supplier;

/** Watches a training run, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
  /**
   * Called at every report.
   *
   * @param point the steps taken and the loss there
   * @param weights gives the weights at this moment when asked, as copies that live until this call
   *     returns
   */
  void onReport(LossPoint point, Supplier<MlpWeights> weights);

  /**
   * A listener that does nothing.
   *
   * @return the listener
   */
  static TrainingListener none() {
    return (point, weights) -> {};
  }
}
