package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.nn.Mlp;

/**
 * Trains an MLP on a full batch by autograd, with the mean squared error over batch and outputs
 * (without a factor ½) and any optimizer. The plain way, and the reference {@link
 * CompressedMlpTrainer} is held to.
 */
public final class AutogradTrainer {
  private AutogradTrainer() {}

  /**
   * Trains the network in place. Native memory stays flat: each step has a scope of its own.
   *
   * @param mlp the network
   * @param batch the data, of the network's type
   * @param optimizer takes the steps; made for the parameters of {@code mlp}
   * @param length how many steps, and how often to report
   * @param listener watches
   * @return the losses, and views of the network's weights if it did not diverge
   * @throws InterruptedException if the thread is interrupted; seen at the reports
   * @throws IllegalArgumentException if the batch does not fit the network
   */
  public static TrainingResult train(
      Mlp mlp,
      FullBatch batch,
      Optimizer optimizer,
      TrainingLength length,
      TrainingListener listener)
      throws InterruptedException {
    if (batch.targets().size(1) != mlp.shape().fanOut(mlp.shape().depth() - 1)) {
      throw new IllegalArgumentException(
          "targets of " + batch.targets().size(1) + " columns do not fit " + mlp.shape());
    }
    List<LossPoint> losses = new ArrayList<>();
    for (long taken = 0; ; taken++) {
      if (length.reportsAfter(taken)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("training was interrupted after " + taken + " steps");
        }
        double loss = loss(mlp, batch);
        if (!Double.isFinite(loss)) {
          return new TrainingResult.Diverged(taken, losses);
        }
        LossPoint point = new LossPoint(taken, loss);
        losses.add(point);
        try (PointerScope scope = new PointerScope()) {
          listener.onReport(point, () -> MlpWeights.of(mlp).copy());
        }
      }
      if (taken == length.steps()) {
        double finalLoss = losses.get(losses.size() - 1).loss();
        return new TrainingResult.Completed(finalLoss, losses, MlpWeights.of(mlp));
      }
      step(mlp, batch, optimizer);
    }
  }

  private static void step(Mlp mlp, FullBatch batch, Optimizer optimizer) {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zeroGradients();
      Tensor loss = torch.mse_loss(mlp.forward(batch.inputs()), batch.targets());
      loss.backward();
      optimizer.step();
    }
  }

  private static double loss(Mlp mlp, FullBatch batch) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return torch.mse_loss(mlp.forward(batch.inputs()), batch.targets()).item_double();
    }
  }
}
