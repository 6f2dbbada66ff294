package org.widthwise.core.spectral;

/**
 * A real matrix {@code A} of shape {@code [rows, columns]}, known only by its products with
 * vectors.
 *
 * <p>The two products must belong to one matrix: {@code ⟨A x, y⟩ = ⟨x, Aᵀ y⟩} for all {@code x} and
 * {@code y}, up to rounding. For a weight matrix, {@code rows} is the fan-out and {@code columns}
 * the fan-in.
 */
public interface LinearOperator {

  /**
   * The number of rows, the dimension of the space mapped to.
   *
   * @return the number of rows, zero or more
   */
  int rows();

  /**
   * The number of columns, the dimension of the space mapped from.
   *
   * @return the number of columns, zero or more
   */
  int columns();

  /**
   * Computes {@code y = A x}. What {@code y} held before does not matter; {@code x} is left alone.
   *
   * @param x the vector to multiply, of length {@link #columns()}
   * @param y where the product goes, of length {@link #rows()}; another array than {@code x}
   */
  void apply(double[] x, double[] y);

  /**
   * Computes {@code x = Aᵀ y}. What {@code x} held before does not matter; {@code y} is left alone.
   *
   * @param y the vector to multiply, of length {@link #rows()}
   * @param x where the product goes, of length {@link #columns()}; another array than {@code y}
   */
  void applyTransposed(double[] y, double[] x);
}
