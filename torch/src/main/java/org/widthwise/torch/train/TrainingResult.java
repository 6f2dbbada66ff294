package org.widthwise.torch.train;

import java.util.List;

/** How a training run ended. */
public sealed interface TrainingResult {
  /**
   * The losses at the reports, the first before any step; all are finite.
   *
   * @return the curve
   */
  List<LossPoint> losses();

  /**
   * The run took all its steps and every loss seen was finite.
   *
   * @param finalLoss the loss after the last step
   * @param losses the losses at the reports
   * @param weights the weights after the last step
   */
  record Completed(double finalLoss, List<LossPoint> losses, MlpWeights weights)
      implements TrainingResult {
    /**
     * Copies the list.
     *
     * @param finalLoss the loss after the last step
     * @param losses the losses at the reports
     * @param weights the weights after the last step
     */
    public Completed {
      losses = List.copyOf(losses);
    }
  }

  /**
   * A report found a loss that was infinite or not a number, and the run was stopped there.
   *
   * @param step the number of steps taken when it was found
   * @param losses the losses at the reports before
   */
  record Diverged(long step, List<LossPoint> losses) implements TrainingResult {
    /**
     * Copies the list.
     *
     * @param step the number of steps taken when it was found
     * @param losses the losses at the reports before
     */
    public Diverged {
      losses = List.copyOf(losses);
    }
  }
}
