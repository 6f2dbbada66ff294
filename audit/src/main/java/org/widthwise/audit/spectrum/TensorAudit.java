package org.widthwise.audit.spectrum;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
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
 * @param earlier how large it was in the earlier checkpoint, if there is one
 * @param update how large the difference to the earlier checkpoint is, if there is one
 * @param alignment how that difference lies to the weight, if there is an earlier checkpoint
 * @param maps what was found of each map by itself, where the tensor is a fused projection whose
 *     layout is known
 * @param spectrum how its singular values are distributed, if that was asked for and it has some
 */
public record TensorAudit(
    String name,
    List<Long> shape,
    String dtype,
    ParameterShape parameter,
    String reason,
    TensorSizes sizes,
    Optional<TensorSizes> earlier,
    Optional<TensorSizes> update,
    Optional<UpdateAlignment> alignment,
    List<MapAudit> maps,
    Optional<SingularSpectrum> spectrum) {

  /**
   * Copies the lists.
   *
   * @param name its name
   * @param shape its dimensions
   * @param dtype the type of its elements
   * @param parameter what it was taken for
   * @param reason why
   * @param sizes how large it is
   * @param earlier how large it was
   * @param update how large the update is
   * @param alignment how it lies to the weight
   * @param maps what was found of each map
   * @param spectrum how its singular values are distributed
   */
  public TensorAudit {
    shape = List.copyOf(shape);
    maps = List.copyOf(maps);
  }

  /**
   * The spectral norm of the update over that of the earlier tensor, as in Figure 2, B.
   *
   * @return ‖W − W₀‖₂ / ‖W₀‖₂; NaN where either is unknown or both are zero
   */
  public double updateRelativeSpectral() {
    return relative(TensorSizes::spectralNorm);
  }

  /**
   * The Frobenius norm of the update over that of the earlier tensor, as in Figure 2, D.
   *
   * @return ‖W − W₀‖_F / ‖W₀‖_F; NaN where either is unknown or both are zero
   */
  public double updateRelativeFrobenius() {
    return relative(TensorSizes::frobeniusNorm);
  }

  /**
   * Where the first entry is that is NaN or infinite.
   *
   * @return an index for each dimension, of a scalar none; empty where all entries are finite
   */
  public Optional<List<Long>> firstNonFinite() {
    if (sizes.nonFinite() == 0) {
      return Optional.empty();
    }
    long rest = sizes.firstNonFinite();
    Long[] indexes = new Long[shape.size()];
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      indexes[axis] = rest % shape.get(axis);
      rest /= shape.get(axis);
    }
    return Optional.of(List.of(indexes));
  }

  private double relative(ToDoubleFunction<TensorSizes> norm) {
    return update.isPresent() && earlier.isPresent()
        ? norm.applyAsDouble(update.get()) / norm.applyAsDouble(earlier.get())
        : Double.NaN;
  }
}
