package org.widthwise.lab.paper;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Norms of feature vectors, an example a row, computed in float64. */
final class Features {

  private Features() {}

  /**
   * The Euclidean norm of every row.
   *
   * @return {@code [B]} of float64
   */
  static Tensor norms(Tensor rows) {
    return rows.toType(torch.ScalarType.Double).square().sum(1).sqrt();
  }

  /**
   * The mean ratio of norms. An example whose denominator is 0, all of its units being dead, has no
   * ratio and is left out.
   *
   * @param numerators {@code [B]}
   * @param denominators {@code [B]}
   * @return the mean; NaN if no example has a ratio
   */
  static double meanRatio(Tensor numerators, Tensor denominators) {
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
  static double medianRatio(Tensor numerators, Tensor denominators) {
    Tensor ratios = ratios(numerators, denominators);
    return ratios.numel() == 0 ? Double.NaN : ratios.median().item_double();
  }

  private static Tensor ratios(Tensor numerators, Tensor denominators) {
    Tensor alive = denominators.gt(new Scalar(0.0));
    return numerators.masked_select(alive).div(denominators.masked_select(alive));
  }
}
