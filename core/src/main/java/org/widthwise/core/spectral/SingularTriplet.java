package org.widthwise.core.spectral;

import java.util.Arrays;

/**
 * A singular value with its vectors, {@code A v = σ u} and {@code Aᵀ u = σ v}, and how it was
 * found.
 *
 * <p>The arrays are copied on the way in and on the way out, so a triplet never changes; keep the
 * result of an accessor rather than asking for it in a loop. Equality compares the contents.
 *
 * @param value the singular value {@code σ}, zero or more; it never exceeds the true largest
 *     singular value by more than rounding
 * @param left the left singular vector {@code u} of length 1, one entry per row
 * @param right the right singular vector {@code v} of length 1, one entry per column
 * @param iterations how many bidiagonalisation steps were made, each a product with {@code A} and
 *     one with {@code Aᵀ}
 * @param products how many products were formed in all, with {@code A} and with {@code Aᵀ}
 * @param converged whether {@code relativeErrorEstimate} came below the tolerance asked for
 * @param relativeErrorEstimate a bound on {@code (σ₁ − σ)/σ₁} that holds with high probability over
 *     the random start, see {@link GolubKahanLanczos}; the error is most often far smaller
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out; equality is by content.
public record SingularTriplet(
    double value,
    double[] left,
    double[] right,
    int iterations,
    int products,
    boolean converged,
    double relativeErrorEstimate) {

  /**
   * Copies the arrays.
   *
   * @param value the singular value
   * @param left the left singular vector
   * @param right the right singular vector
   * @param iterations how many bidiagonalisation steps were made
   * @param products how many products were formed
   * @param converged whether the tolerance was met
   * @param relativeErrorEstimate a bound on the relative error
   */
  public SingularTriplet {
    left = left.clone();
    right = right.clone();
  }

  /**
   * The left singular vector.
   *
   * @return a copy, one entry per row
   */
  @Override
  public double[] left() {
    return left.clone();
  }

  /**
   * The right singular vector.
   *
   * @return a copy, one entry per column
   */
  @Override
  public double[] right() {
    return right.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SingularTriplet that
        && Double.compare(value, that.value) == 0
        && Arrays.equals(left, that.left)
        && Arrays.equals(right, that.right)
        && iterations == that.iterations
        && products == that.products
        && converged == that.converged
        && Double.compare(relativeErrorEstimate, that.relativeErrorEstimate) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Double.hashCode(value) + Arrays.hashCode(left)) + Arrays.hashCode(right);
  }

  @Override
  public String toString() {
    return "SingularTriplet[value="
        + value
        + ", shape=["
        + left.length
        + ", "
        + right.length
        + "], iterations="
        + iterations
        + ", products="
        + products
        + ", converged="
        + converged
        + ", relativeErrorEstimate="
        + relativeErrorEstimate
        + "]";
  }
}
