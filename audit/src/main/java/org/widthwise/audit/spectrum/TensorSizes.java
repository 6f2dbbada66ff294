package org.widthwise.audit.spectrum;

import org.jspecify.annotations.Nullable;
import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.spectral.SingularTriplet;

/**
 * How large a tensor or an update of one is. Of a tensor with NaN or infinite entries all is NaN
 * but their number.
 *
 * @param spectralNorm the largest singular value of the matrix; of a convolution the largest that
 *     any kernel position's matrix has, since each of these is held to Condition 1 (section 8)
 * @param spectralNormRelativeError a bound on the part of the spectral norm that the search may
 *     have missed, which holds with high probability; 0 where the norm has a closed form
 * @param frobeniusNorm the root of the sum of squares of all entries
 * @param stableRank ‖A‖_F² / ‖A‖₂² of the matrix with the largest spectral norm; NaN of zeros
 * @param rms the root mean square of all entries
 * @param naturalNorm the norm induced by natural norms on both sides (appendix E): √(fan-in /
 *     fan-out) · ‖A‖₂, but of an embedding the largest row norm over √width
 * @param ratio the spectral norm over √(fan-out / fan-in), which Condition 1 asks to be Θ(1)
 * @param operatorNormBound of a convolution an upper bound on its norm as a map of whole images,
 *     √(kernel positions) times the least spectral norm of the kernel unfolded into a matrix (S.
 *     Singla, S. Feizi, 2021); NaN for all else, and for kernels too large to be held in memory
 * @param nonFinite how many entries are NaN or infinite
 * @param firstNonFinite the index of the first of them, the last dimension counted first; -1 if
 *     there is none
 */
public record TensorSizes(
    double spectralNorm,
    double spectralNormRelativeError,
    double frobeniusNorm,
    double stableRank,
    double rms,
    double naturalNorm,
    double ratio,
    double operatorNormBound,
    long nonFinite,
    long firstNonFinite) {

  /** Of a tensor that has no sizes. */
  static TensorSizes undefined(ValueScan scan) {
    double none = Double.NaN;
    return new TensorSizes(
        none, none, none, none, none, none, none, none, scan.nonFinite(), scan.firstNonFinite());
  }

  /** Of a tensor whose values were looked at and whose largest singular value was found. */
  static TensorSizes of(Found found, ValueScan scan, Fans fans, double elements) {
    MatrixNorms norms = new MatrixNorms(fans, found.spectral(), found.frobenius());
    return new TensorSizes(
        found.spectral(),
        found.relativeError(),
        scan.frobenius(),
        norms.stableRank(),
        scan.frobenius() / Math.sqrt(elements),
        norms.naturalSpectralNorm(),
        norms.naturalSpectralNorm(),
        Double.NaN,
        0,
        -1);
  }

  TensorSizes withNaturalNorm(double newNaturalNorm) {
    return new TensorSizes(
        spectralNorm,
        spectralNormRelativeError,
        frobeniusNorm,
        stableRank,
        rms,
        newNaturalNorm,
        ratio,
        operatorNormBound,
        nonFinite,
        firstNonFinite);
  }

  TensorSizes withOperatorNormBound(double bound) {
    return new TensorSizes(
        spectralNorm,
        spectralNormRelativeError,
        frobeniusNorm,
        stableRank,
        rms,
        naturalNorm,
        ratio,
        bound,
        nonFinite,
        firstNonFinite);
  }

  /**
   * The matrix with the largest spectral norm.
   *
   * @param slice which it is
   * @param spectral its spectral norm
   * @param relativeError what may be missing of it
   * @param frobenius its Frobenius norm
   * @param triplet its leading singular vectors; null where there was nothing to search for
   */
  record Found(
      int slice,
      double spectral,
      double relativeError,
      double frobenius,
      @Nullable SingularTriplet triplet) {}
}
