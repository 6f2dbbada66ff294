package org.widthwise.torch.train;

import org.bytedeco.pytorch.Tensor;

/**
 * One affine map of a {@link ClosedFormMlp}, on one batch; or the same of M networks, whose tensors
 * have one more dimension, the first.
 */
sealed interface Layer permits BatchedDenseLayer, BatchedSpannedLayer, DenseLayer, SpannedLayer {
  /**
   * Computes the layer's preactivations.
   *
   * @param preactivation takes them, {@code [B, fanOut]}
   */
  void forward(Tensor preactivation);

  /**
   * Carries the gradient by the preactivations to the layer's inputs.
   *
   * @param inputDelta takes the gradient by the inputs, {@code [B, fanIn]}
   */
  void backward(Tensor inputDelta);

  /**
   * Takes a gradient step, by the gradient in the buffer given at construction; the inputs must be
   * those of the last {@link #forward}.
   */
  void update();

  /** Brings weight and bias up to date, if they are not always. */
  void writeBack();
}
