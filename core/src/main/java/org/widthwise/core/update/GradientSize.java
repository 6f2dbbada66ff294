package org.widthwise.core.update;

import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.core.shape.Fans;

/** How large gradients are in a network that satisfies Condition 1. */
final class GradientSize {

  private GradientSize() {}

  /** Eq. 20: √(fan-in / fan-out). */
  static double spectral(Fans fans) {
    return 1 / fans.targetSpectralNorm();
  }

  /** The same gradient, of stable rank Θ(1), by its entries: 1 / fan-out. */
  static double entry(Fans fans) {
    return MatrixNorms.fromStableRank(fans, spectral(fans), 1).rmsEntry();
  }
}
