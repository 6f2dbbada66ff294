package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.shape.ParameterShape;

final class ValueScanTest {

  /** Widths that divide a piece, so that rows begin with one, and widths that do not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 1024, TensorValues.PIECE / 2, TensorValues.PIECE, 100_000})
  void rowsEndWhereTheyEndAndNotWithPieces(int width) {
    long rows = 3L * TensorValues.PIECE / width + 2;
    TensorLayout layout = TensorLayout.of(ParameterShape.embedding(rows, width), false);
    TensorValues ones = (first, into, count) -> Arrays.fill(into, 0, count, 1);
    ValueScan scan = ValueScan.of(ones, layout);
    // Sums of squares of ones are whole numbers, so only the root rounds.
    assertThat(scan.largestRow()).isCloseTo(Math.sqrt(width), within(1e-12 * width));
    assertThat(scan.frobenius())
        .isCloseTo(Math.sqrt((double) rows * width), within(1e-9 * rows * width));
  }
}
