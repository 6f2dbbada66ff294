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

  /** The sign of every entry, NaN for NaN: libtorch's own makes it 0. */
  static Tensor sign(Tensor tensor) {
    return tensor.sign().masked_fill_(tensor.isnan(), new Scalar(Double.NaN));
  }
}
