package org.widthwise.core.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NaturalNormsTest {

  @Test
  void ofVectors() {
    assertThat(NaturalNorms.dense(new double[] {3, 4, 0, 0})).isCloseTo(2.5, within(1e-15));
    assertThat(NaturalNorms.sparse(new double[] {0, 1, 0})).isEqualTo(1);
    assertThat(NaturalNorms.sparse(new double[] {3e300, 4e300})).isCloseTo(5e300, within(1e286));
    assertThat(NaturalNorms.sparse(new double[] {3e-310, 4e-310}))
        .isCloseTo(5e-310, within(2 * Double.MIN_VALUE));
    assertThat(NaturalNorms.sparse(new double[3])).isZero();
  }

  /**
   * The table's singular value is √3 times larger: three equal rows, which no one-hot input sums.
   */
  @Test
  void ofAnEmbeddingIsItsLargestRow() {
    double[] table = {1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1};
    assertThat(NaturalNorms.embedding(table, 4)).isCloseTo(1, within(1e-15));
    assertThatThrownBy(() -> NaturalNorms.embedding(table, 5))
        .hasMessageContaining("width 5 cannot have 12 entries");
  }
}
