package org.widthwise.core.norm;

import org.widthwise.core.shape.Fans;

/**
 * The sizes of one matrix, and the conversions between them (section 2, Table 1).
 *
 * @param fans the matrix's dimensions
 * @param spectral the spectral norm, its largest singular value (definition 1)
 * @param frobenius the Frobenius norm, the root of the sum of its squared entries
 */
public record MatrixNorms(Fans fans, double spectral, double frobenius) {

  /**
   * Sizes from the spectral norm and the stable rank.
   *
   * @param fans the matrix's dimensions
   * @param spectral the spectral norm
   * @param stableRank the stable rank
   * @return the sizes
   */
  public static MatrixNorms fromStableRank(Fans fans, double spectral, double stableRank) {
    return new MatrixNorms(fans, spectral, spectral * Math.sqrt(stableRank));
  }

  /**
   * The stable rank ‖A‖_F² / ‖A‖₂², between 1 and the rank (caption of Figure 1).
   *
   * @return the stable rank; NaN for a zero matrix, which has none
   */
  public double stableRank() {
    double ratio = frobenius / spectral;
    return ratio * ratio;
  }

  /**
   * The root mean square of the entries.
   *
   * @return ‖A‖_F / √(fan-in · fan-out)
   */
  public double rmsEntry() {
    return frobenius / Math.sqrt(fans.entries());
  }

  /**
   * The spectral norm over the size that Condition 1 asks for, which is the norm induced by root
   * mean square norms on both sides (appendix E). Condition 2 asks that it be Θ(1).
   *
   * <p>Eq. 30 prints the factor upside down: with ‖v‖ = ‖v‖₂/√dim on both sides the induced norm is
   * √(fan-in/fan-out)·‖A‖₂, and only that makes Condition 2 the same as Condition 1.
   *
   * @return √(fan-in / fan-out) · ‖A‖₂
   */
  public double naturalSpectralNorm() {
    return spectral / fans.targetSpectralNorm();
  }
}
