package org.widthwise.lab.train;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/** What training makes small; autograd can follow it. Targets are classes. */
public enum Objective {
  /** The mean over examples (and positions) of {@code −ln softmax(output)[class]}. */
  CROSS_ENTROPY("cross-entropy") {
    @Override
    Tensor ofRows(Tensor outputs, Tensor classes) {
      return torch.cross_entropy_loss(outputs, classes);
    }
  },
  /**
   * The mean over examples (and positions) and outputs of {@code (output − target)²}, without a
   * factor ½, where the target is +1 for the class and −1 for the others.
   */
  MEAN_SQUARED_ERROR("mse") {
    @Override
    Tensor ofRows(Tensor outputs, Tensor classes) {
      Tensor targets =
          torch
              .full_like(outputs.detach(), new Scalar(-1.0))
              .scatter_(1, classes.unsqueeze(1), new Scalar(1.0));
      return torch.mse_loss(outputs, targets);
    }
  };

  private final String id;

  Objective(String id) {
    this.id = id;
  }

  /**
   * The name used in files and options.
   *
   * @return a name in lower case
   */
  public String id() {
    return id;
  }

  /**
   * Finds an objective by its {@linkplain #id() name}.
   *
   * @param id the name
   * @return the objective
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Objective named(String id) {
    return Arrays.stream(values())
        .filter(objective -> objective.id.equalsIgnoreCase(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown loss '%s': known are %s"
                        .formatted(id, Arrays.stream(values()).map(Objective::id).toList())));
  }

  /**
   * The loss of a batch.
   *
   * @param outputs {@code [B, …, classes]}
   * @param classes {@code [B, …]} of int64
   * @return a scalar
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public Tensor of(Tensor outputs, Tensor classes) {
    long last = outputs.size(outputs.dim() - 1);
    if (outputs.numel() != classes.numel() * last) {
      throw new IllegalArgumentException(
          "outputs of shape %s need one class for each row of %d, but got classes of shape %s"
              .formatted(
                  Arrays.toString(Tensors.shape(outputs)),
                  last,
                  Arrays.toString(Tensors.shape(classes))));
    }
    return ofRows(outputs.reshape(-1, last), classes.reshape(-1));
  }

  abstract Tensor ofRows(Tensor outputs, Tensor classes);
}
