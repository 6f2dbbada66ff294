package org.widthwise.torch.measure;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Norms of feature vectors, a vector a row, computed in float64. */
public final class FeatureNorms {

  private FeatureNorms() {}

  /**
   * The Euclidean norm of every row.
   *
   * @param rows {@code [B, n]}
   * @return {@code [B]} of float64, which belongs to the scope that is open at the call
   */
  public static Tensor norms(Tensor rows) {
    return rows.toType(torch.ScalarType.Double).square().sum(1).sqrt();
  }

  /**
   * The mean natural norm of the rows, ‖h‖₂/√n (eq. 28): what Desideratum 1 wants to be Θ(1).
   *
   * @param rows {@code [B, n]}
   * @return the mean over the rows of the root mean square of their entries
   */
  public static double meanNatural(Tensor rows) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return norms(rows).mean().item_double() / Math.sqrt((double) rows.size(1));
    }
  }

  /**
   * The mean ratio of norms. An example whose denominator is 0, all of its units being dead, has no
   * ratio and is left out.
   *
   * @param numerators {@code [B]}
   * @param denominators {@code [B]}
   * @return the mean; NaN if no example has a ratio
   */
  public static double meanRatio(Tensor numerators, Tensor denominators) {
    return ratios(numerators, denominators).mean().item_double();
  }

  /**
   * The median ratio of norms, for denominators that are single numbers: these come close to 0, so
   * that the mean of the quotients is the whim of the smallest.
   *
   * @param numerators {@code [B]}
   * @param denominators {@code [B]}
   * @return the lower median; NaN if no example has a ratio
   */
  public static double medianRatio(Tensor numerators, Tensor denominators) {
    Tensor ratios = ratios(numerators, denominators);
    return ratios.numel() == 0 ? Double.NaN : ratios.median().item_double();
  }

  /**
   * How well a weight matrix or an update of one is aligned with incoming features: the mean over
   * the rows of {@code ‖A h‖₂ / (‖A‖₂·‖h‖₂)} (eqs. 24 and 25). Rows of zeros are left out.
   *
   * @param matrix A, {@code [fanOut, fanIn]}
   * @param spectralNorm ‖A‖₂
   * @param rows the incoming features h, {@code [B, fanIn]}, of the matrix's type
   * @return from 0 to 1; NaN if the matrix or every row is zero
   */
  public static double alignment(Tensor matrix, double spectralNorm, Tensor rows) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return meanRatio(norms(rows.mm(matrix.t())), norms(rows)) / spectralNorm;
    }
  }

  private static Tensor ratios(Tensor numerators, Tensor denominators) {
    Tensor alive = denominators.gt(new Scalar(0.0));
    return numerators.masked_select(alive).div(denominators.masked_select(alive));
  }
}
