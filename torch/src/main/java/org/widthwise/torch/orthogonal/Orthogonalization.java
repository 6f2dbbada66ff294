package org.widthwise.torch.orthogonal;

import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.spectral.PolarIteration;

/**
 * A way from a matrix {@code U·S·Vᵀ} to its polar factor {@code U·Vᵀ}, the nearest matrix whose
 * singular values are all 1.
 *
 * <p>All ways take a matrix {@code [fanOut, fanIn]} or a stack {@code [maps, fanOut, fanIn]}, each
 * map by itself, on any device. A singular value of 0 stays 0, so zeros give zeros; a map with an
 * entry that is not finite gives NaN throughout. Autograd does not follow.
 */
public sealed interface Orthogonalization permits IteratedOrthogonalization, PolarFactor {

  /**
   * The polar factor, or what the way takes for it.
   *
   * @param matrices floating point, {@code [fanOut, fanIn]} or {@code [maps, fanOut, fanIn]}
   * @param epsilon ε, added to the Frobenius norm by which a map is divided at first: singular
   *     values far below it stay small
   * @return a tensor of the same shape and type
   * @throws IllegalArgumentException if the tensor has other dimensions
   */
  Tensor of(Tensor matrices, double epsilon);

  /**
   * The same in bfloat16.
   *
   * @return an iteration that computes in bfloat16; the exact way as it is
   */
  Orthogonalization inBfloat16();

  /**
   * K. Jordan's iteration, that of the published Muon: {@link PolarIteration#kellerJordan()}.
   *
   * @return the iteration in the tensor's own precision; the published code computes {@linkplain
   *     IteratedOrthogonalization#inBfloat16() in bfloat16}
   */
  static IteratedOrthogonalization kellerJordan() {
    return IteratedOrthogonalization.of(PolarIteration.kellerJordan());
  }

  /**
   * Modula's six steps: {@link PolarIteration#modula()}.
   *
   * @return the iteration in the tensor's own precision
   */
  static IteratedOrthogonalization modula() {
    return IteratedOrthogonalization.of(PolarIteration.modula());
  }

  /**
   * The Polar Express: {@link PolarIteration#polarExpress()}.
   *
   * @return the iteration in the tensor's own precision
   */
  static IteratedOrthogonalization polarExpress() {
    return IteratedOrthogonalization.of(PolarIteration.polarExpress());
  }

  /**
   * The polar factor itself, by a singular value decomposition.
   *
   * @return the exact way, for reference: it takes some ten times as long as the others
   */
  static PolarFactor exact() {
    return new PolarFactor();
  }
}
