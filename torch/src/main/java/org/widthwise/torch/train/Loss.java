package org.widthwise.torch.train;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.Tensors;

/** A loss over a batch, a mean over its examples, with its gradient in closed form. */
public sealed interface Loss {

  /**
   * The loss, computed in float64 whatever the type of the outputs.
   *
   * @param outputs {@code [B, n_L]}
   * @param targets as the loss has them
   * @return the mean over the batch; infinite or NaN if the outputs are
   * @throws IllegalArgumentException if the targets do not fit the outputs
   */
  double value(Tensor outputs, Tensor targets);

  /**
   * The gradient of {@link #value} by the outputs. The mean's 1/B is in it: row i is the gradient
   * of example i's own loss over B.
   *
   * @param outputs {@code [B, n_L]}
   * @param targets as the loss has them
   * @return {@code [B, n_L]}, of the outputs' type; a new tensor that belongs to the scope that is
   *     open at the call
   * @throws IllegalArgumentException if the targets do not fit the outputs
   */
  Tensor gradient(Tensor outputs, Tensor targets);

  /**
   * The mean over batch and outputs of {@code (output − target)²}, without a factor ½. Targets are
   * {@code [B, n_L]} of the outputs' type; the gradient is {@code 2/(B·n_L)·(output − target)}.
   */
  record MeanSquaredError() implements Loss {

    @Override
    public double value(Tensor outputs, Tensor targets) {
      requireLikeOutputs("the mean squared error", outputs, targets);
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        return outputs.sub(targets).to(ScalarType.Double).square().mean().item_double();
      }
    }

    @Override
    public Tensor gradient(Tensor outputs, Tensor targets) {
      requireLikeOutputs("the mean squared error", outputs, targets);
      try (NoGradGuard guard = new NoGradGuard()) {
        return outputs.sub(targets).mul_(new Scalar(2.0 / outputs.numel()));
      }
    }
  }

  /**
   * The mean over the batch of {@code −Σ_k t_k·ln softmax(output)_k}. Targets are classes, {@code
   * [B]} of int64 from 0 to n_L − 1, or weights of the classes such as one-hot rows, {@code [B,
   * n_L]} of the outputs' type; the gradient is {@code (softmax(output)·Σ_k t_k − t)/B}.
   */
  record SoftmaxCrossEntropy() implements Loss {

    @Override
    public double value(Tensor outputs, Tensor targets) {
      requireClasses(outputs, targets);
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        Tensor logs = outputs.to(ScalarType.Double).log_softmax(1);
        Tensor examples =
            isIndices(targets)
                ? logs.gather(1, targets.unsqueeze(1))
                : logs.mul(targets.to(ScalarType.Double));
        return -examples.sum().item_double() / outputs.size(0);
      }
    }

    @Override
    public Tensor gradient(Tensor outputs, Tensor targets) {
      requireClasses(outputs, targets);
      try (NoGradGuard guard = new NoGradGuard()) {
        Tensor gradient = torch.softmax(outputs, 1);
        try (PointerScope scope = new PointerScope()) {
          if (isIndices(targets)) {
            Tensor index = targets.unsqueeze(1);
            Tensor minusOnes = torch.zeros_like(gradient.gather(1, index)).sub_(new Scalar(1.0));
            gradient.scatter_add_(1, index, minusOnes);
          } else {
            gradient.mul_(targets.sum(new long[] {1}).unsqueeze(1)).sub_(targets);
          }
          gradient.div_(new Scalar((double) outputs.size(0)));
        }
        return gradient;
      }
    }

    private static boolean isIndices(Tensor targets) {
      return targets.dim() == 1;
    }

    private static void requireClasses(Tensor outputs, Tensor targets) {
      if (!isIndices(targets)) {
        requireLikeOutputs("cross-entropy without class indices", outputs, targets);
        return;
      }
      if (Tensors.type(targets) != ScalarType.Long || targets.size(0) != outputs.size(0)) {
        throw new IllegalArgumentException(
            "classes must be int64, one for each of %d outputs, but are %s of shape %s"
                .formatted(
                    outputs.size(0),
                    Tensors.type(targets),
                    Arrays.toString(Tensors.shape(targets))));
      }
      Batch.requireIndices("class", targets, outputs.size(1));
    }
  }

  private static void requireLikeOutputs(String loss, Tensor outputs, Tensor targets) {
    if (!Arrays.equals(Tensors.shape(outputs), Tensors.shape(targets))
        || Tensors.type(outputs) != Tensors.type(targets)) {
      throw new IllegalArgumentException(
          "%s needs targets of the outputs' shape %s and type %s, but got %s of %s"
              .formatted(
                  loss,
                  Arrays.toString(Tensors.shape(outputs)),
                  Tensors.type(outputs),
                  Arrays.toString(Tensors.shape(targets)),
                  Tensors.type(targets)));
    }
  }
}
