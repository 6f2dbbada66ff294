package org.widthwise.lab.train;

import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.Tensor;

/** What of each step falls to this process: all of it, or a part while others do the rest. */
sealed interface StepShare extends AutoCloseable permits WholeStep, GroupStep {

  /**
   * This process' part of a batch.
   *
   * @param batch the examples of the whole step
   * @return some of them, in their order
   */
  int[] of(int[] batch);

  /**
   * Fills the gradients of the whole batch's loss.
   *
   * @param loss of this process' part, a scalar
   * @param stop whether somebody asks for the end
   * @return the loss of the whole batch; where it is not finite, so are the gradients
   */
  double backward(Tensor loss, BooleanSupplier stop);

  /** Whether the training is to end after the step that was taken last. */
  boolean stops(BooleanSupplier stop);

  @Override
  void close();
}
