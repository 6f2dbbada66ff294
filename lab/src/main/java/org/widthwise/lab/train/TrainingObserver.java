package org.widthwise.lab.train;

import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.plan.Plan;
import org.widthwise.torch.nn.Network;

/** Looks into a network between its steps, as a monitor does. */
public interface TrainingObserver extends AutoCloseable {

  /** Makes an observer once the network is there. */
  @FunctionalInterface
  interface Factory {

    /**
     * Begins to observe. The tensors outlive the training.
     *
     * @param network the network, at its first values or at those of a checkpoint
     * @param plan the plan of its parameters
     * @param probe inputs that stay the same: the first examples of the training
     * @return the observer
     */
    TrainingObserver begin(Network network, Plan plan, Tensor probe);
  }

  /**
   * A step was taken; the gradients of it are there still.
   *
   * @param step its number, the first of a training being 1, those of earlier starts included
   */
  void afterStep(long step);

  /** The training is over, however it ended. */
  @Override
  void close();
}
