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
   * Entry by entry over a size to which ε is added; 0 where both are 0.
   *
   * @param numerator the entries
   * @param sizes what they are divided by, not negative; changed
   * @param epsilon ε, not negative
   * @return the quotient, a new tensor
   */
  static Tensor regularized(Tensor numerator, Tensor sizes, double epsilon) {
    sizes.add_(new Scalar(epsilon));
    // The smallest positive ε that float32 still tells from 0 keeps every size from being 0.
    return (float) epsilon > 0 ? numerator.div(sizes) : entrywise(numerator, sizes);
  }

  /** The sign of every entry, NaN for NaN: libtorch's own makes it 0. */
  static Tensor sign(Tensor tensor) {
    return tensor.sign().masked_fill_(tensor.isnan(), new Scalar(Double.NaN));
  }
}
