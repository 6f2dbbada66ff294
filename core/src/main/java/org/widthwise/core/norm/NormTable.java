package org.widthwise.core.norm;

import org.widthwise.core.shape.Fans;

/**
 * Table 1 of the paper: the sizes, up to Θ, that a matrix has in every norm when it satisfies
 * Condition 1.
 *
 * <p>One column follows from another: the Frobenius norm is the spectral norm times the square root
 * of the stable rank, and the root mean square entry is the Frobenius norm over the square root of
 * the number of entries. The table's rows for {@code n × n} and {@code 1 × n} are special cases of
 * its last two.
 */
public final class NormTable {

  private NormTable() {}

  /**
   * The table's row for a matrix.
   *
   * @param fans the matrix's dimensions
   * @param kind initial weights or update
   * @return its sizes, every prefactor put to 1
   */
  public static MatrixNorms of(Fans fans, MatrixKind kind) {
    double stableRank =
        switch (kind) {
          case INITIAL_WEIGHTS -> fans.minimum();
          case UPDATE -> 1;
        };
    return MatrixNorms.fromStableRank(fans, fans.targetSpectralNorm(), stableRank);
  }
}
