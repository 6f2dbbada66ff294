package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/** Division by sizes that are zero where there is nothing to divide. */
final class Quotients {

  private Quotients() {}

  /**
   * Entry by entry, 0 where the size is 0; a size that is NaN stays so.
   *
   * @param numerator the entries
   * @param sizes what they are divided by, not negative, of a shape that broadcasts
   * @return the quotient, a new array
   */
  static NDArray of(NDArray numerator, NDArray sizes) {
    NDArray quotient = numerator.div(sizes);
    NDArray zeros = quotient.zerosLike();
    return NDArrays.where(sizes.eq(0f).broadcast(quotient.getShape()), zeros, quotient);
  }

  /** The sign of every entry, 0 for 0, and NaN for NaN, which must not pass for a zero. */
  static NDArray sign(NDArray array) {
    return NDArrays.where(array.eq(array), array.sign(), array);
  }
}
