package org.widthwise.torch.train;

/**
 * One of several networks that are trained at a time.
 *
 * @param initial the weights to start from; they are not changed
 * @param batch the data, of the weights' type and on their device
 * @param rates the learning rate of every weight and bias
 * @param listener watches this network
 */
public record MlpTask(
    MlpWeights initial, FullBatch batch, LayerRates rates, TrainingListener listener) {

  /**
   * Checks that the parts fit together.
   *
   * @param initial the weights to start from
   * @param batch the data
   * @param rates the learning rate of every weight and bias
   * @param listener watches this network
   * @throws IllegalArgumentException if weights, rates and batch do not fit together
   */
  public MlpTask {
    CompressedMlpTrainer.requireFit(initial, batch, rates);
  }
}
