package org.widthwise.torch.optim;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Division by sizes that are zero where there is nothing to divide. */
final class Quotients {

  private Quotients() {}

  /**
   * Entry by entry, 0 where the size is 0; a size that is NaN stays so.
   *
   * @param numerator the entries
   * @param sizes what they are divided by, not negative
   * @return the quotient, a new tensor
   */
  static Tensor entrywise(Tensor numerator, Tensor sizes) {
    return numerator.div(sizes).masked_fill_(sizes.eq(new Scalar(0.0)), new Scalar(0.0));
  }

  /**
   * A tensor over its norm, zeros if that is 0, and NaN if the norm is not finite, for then neither
   * is the tensor.
   *
   * @param numerator the tensor
   * @param norm what it is divided by, not negative
   * @param epsilon added to the norm
   * @return the quotient, a new tensor
   */
  static Tensor byNorm(Tensor numerator, double norm, double epsilon) {
    if (norm == 0) {
      return numerator.mul(new Scalar(0.0));
    }
    return numerator.div(new Scalar(Double.isFinite(norm) ? norm + epsilon : Double.NaN));
  }
}
