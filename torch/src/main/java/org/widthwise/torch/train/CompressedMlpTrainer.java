package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;

/**
 * Trains an MLP on a full batch by plain gradient descent, fast: the mean squared error over batch
 * and outputs (without a factor ½), gradients in closed form instead of by autograd, buffers made
 * once, and a first layer that costs {@code B·B·n_1} where B examples are fewer than inputs ({@link
 * SpannedLayer}). It is exact: it takes the very steps {@link AutogradTrainer} takes, to rounding.
 *
 * <p>A run uses the calling thread alone. Train several networks at once by calling it from several
 * threads; each gets the same bits as if it ran by itself.
 */
public final class CompressedMlpTrainer {
  private CompressedMlpTrainer() {}

  /**
   * Trains a copy of the given weights.
   *
   * @param initial the weights to start from; they are not changed
   * @param activation φ, between layers
   * @param batch the data, of the weights' type
   * @param rates the learning rate of every weight and bias
   * @param length how many steps, and how often to report
   * @param listener watches
   * @return the losses and, if it did not diverge, the weights, which belong to the {@link
   *     PointerScope} this was called in
   * @throws InterruptedException if the thread is interrupted; seen at the reports
   * @throws IllegalArgumentException if weights, rates and batch do not fit together
   */
  public static TrainingResult train(
      MlpWeights initial,
      Activation activation,
      FullBatch batch,
      LayerRates rates,
      TrainingLength length,
      TrainingListener listener)
      throws InterruptedException {
    requireFit(initial, batch, rates);
    Libtorch.load();
    MlpWeights trained = initial.copy();
    List<LossPoint> losses = new ArrayList<>();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      ClosedFormMlp network = ClosedFormMlp.of(trained, activation, batch, rates);
      for (long taken = 0; ; taken++) {
        network.forward();
        if (length.reportsAfter(taken)) {
          if (Thread.interrupted()) {
            throw new InterruptedException("training was interrupted after " + taken + " steps");
          }
          double loss = network.loss();
          if (!Double.isFinite(loss)) {
            trained.free();
            return new TrainingResult.Diverged(taken, losses);
          }
          LossPoint point = new LossPoint(taken, loss);
          losses.add(point);
          try (PointerScope report = new PointerScope()) {
            listener.onReport(
                point,
                () -> {
                  network.writeBack();
                  return trained.copy();
                });
          }
        }
        if (taken == length.steps()) {
          double finalLoss = losses.get(losses.size() - 1).loss();
          network.writeBack();
          return new TrainingResult.Completed(finalLoss, losses, trained);
        }
        network.descend();
      }
    }
  }

  /**
   * Checks that the parts of a training fit together.
   *
   * @throws IllegalArgumentException if not
   */
  static void requireFit(MlpWeights initial, FullBatch batch, LayerRates rates) {
    rates.requireFit(initial);
    long inputs = initial.weights().get(0).size(1);
    long outputs = initial.weights().get(initial.depth() - 1).size(0);
    if (batch.inputs().size(1) != inputs || batch.targets().size(1) != outputs) {
      throw new IllegalArgumentException(
          "a network from "
              + inputs
              + " to "
              + outputs
              + " features cannot be trained on a batch from "
              + batch.inputs().size(1)
              + " to "
              + batch.targets().size(1));
    }
    if (Tensors.type(batch.inputs()) != Tensors.type(initial.weights().get(0))) {
      throw new IllegalArgumentException(
          "weights and batch must be of one type, but are "
              + Tensors.type(initial.weights().get(0))
              + " and "
              + Tensors.type(batch.inputs()));
    }
  }
}
