package org.widthwise.audit.spectrum;

import java.util.List;
import java.util.Optional;
import org.widthwise.core.shape.ParameterShape;

/**
 * What the audit found of one tensor.
 *
 * @param name its name, from outside: to be escaped wherever it is shown
 * @param shape its dimensions, as the file has them
 * @param dtype the type of its elements, as the format names it
 * @param parameter what it was taken for, the output axis first
 * @param reason why it was taken for that
 * @param sizes how large it is
 * @param update how large the difference to the earlier checkpoint is, if there is one
 */
public record TensorAudit(
    String name,
    List<Long> shape,
    String dtype,
    ParameterShape parameter,
    String reason,
    TensorSizes sizes,
    Optional<TensorSizes> update) {

  /**
   * Copies the shape.
   *
   * @param name its name
   * @param shape its dimensions
   * @param dtype the type of its elements
   * @param parameter what it was taken for
   * @param reason why
   * @param sizes how large it is
   * @param update how large the update is
   */
  public TensorAudit {
    shape = List.copyOf(shape);
  }

  /**
   * The spectral norm of the update over that of the tensor.
   *
   * @return ‖ΔW‖₂ / ‖W‖₂; NaN where either is unknown or both are zero
   */
  public double updateRelativeSpectral() {
    return update.map(u -> u.spectralNorm() / sizes.spectralNorm()).orElse(Double.NaN);
  }

  /**
   * The Frobenius norm of the update over that of the tensor.
   *
   * @return ‖ΔW‖_F / ‖W‖_F; NaN where either is unknown or both are zero
   */
  public double updateRelativeFrobenius() {
    return update.map(u -> u.frobeniusNorm() / sizes.frobeniusNorm()).orElse(Double.NaN);
  }
}
