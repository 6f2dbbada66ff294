package org.widthwise.core.spectral;

import java.util.Arrays;

/**
 * The leading singular values of an operator, each as often as it occurs.
 *
 * <p>The array is copied on the way in and on the way out. Equality compares the contents.
 *
 * @param values the singular values in descending order; their absolute error is within the
 *     relative tolerance times the largest, as usual for a decomposition: a value far below the
 *     largest has fewer right digits of its own
 * @param iterations how many bidiagonalisation steps were made
 * @param products how many products were formed in all, with {@code A} and with {@code Aᵀ}
 * @param converged whether every value met the tolerance and no larger one was found missing
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out; equality is by content.
public record SingularValues(double[] values, int iterations, int products, boolean converged) {

  /**
   * Copies the array.
   *
   * @param values the singular values in descending order
   * @param iterations how many bidiagonalisation steps were made
   * @param products how many products were formed
   * @param converged whether every value met the tolerance
   */
  public SingularValues {
    values = values.clone();
  }

  /**
   * The singular values in descending order.
   *
   * @return a copy
   */
  @Override
  public double[] values() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SingularValues that
        && Arrays.equals(values, that.values)
        && iterations == that.iterations
        && products == that.products
        && converged == that.converged;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + products;
  }

  @Override
  public String toString() {
    return "SingularValues[values="
        + Arrays.toString(values)
        + ", iterations="
        + iterations
        + ", products="
        + products
        + ", converged="
        + converged
        + "]";
  }
}
