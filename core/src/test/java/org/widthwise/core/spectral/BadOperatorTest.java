package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators and settings that have no right answer end in a clear error. */
class BadOperatorTest {
  private static final GolubKahanLanczos SEARCH = GolubKahanLanczos.withDefaults();

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void nonFiniteEntriesAreNamed(double bad) {
    for (int[] shape : new int[][] {{1, 1}, {6, 4}, {4, 6}, {1, 5}, {5, 1}}) {
      double[] matrix = Matrices.gaussian(shape[0], shape[1], 1);
      int row = shape[0] - 1;
      matrix[row * shape[1]] = bad;
      DenseOperator a = DenseOperator.of(shape[0], shape[1], matrix);
      assertThatExceptionOfType(ArithmeticException.class)
          .isThrownBy(() -> SEARCH.largest(a))
          .withMessageContaining("entry " + row + " of A x")
          .withMessageContaining("NaN or infinite");
      double[] start = new double[shape[1]];
      Arrays.fill(start, 1);
      assertThatExceptionOfType(ArithmeticException.class)
          .isThrownBy(() -> SEARCH.largest(a, start));
      assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> SEARCH.leading(a, 2));
    }
  }

  @Test
  void aNonFiniteTransposedProductIsNamed() {
    DenseOperator matrix = DenseOperator.of(3, 4, Matrices.gaussian(3, 4, 1));
    LinearOperator broken =
        new LinearOperator() {
          @Override
          public int rows() {
            return 3;
          }

          @Override
          public int columns() {
            return 4;
          }

          @Override
          public void apply(double[] x, double[] y) {
            matrix.apply(x, y);
          }

          @Override
          public void applyTransposed(double[] y, double[] x) {
            matrix.applyTransposed(y, x);
            x[2] = Double.NEGATIVE_INFINITY;
          }
        };
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> SEARCH.largest(broken))
        .withMessageContaining("entry 2 of Aᵀ x is -Infinity");
  }

  @Test
  void aNormBeyondTheLargestDoubleIsAnError() {
    double[] huge = new double[400];
    Arrays.fill(huge, 1e307);
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> SEARCH.largest(DenseOperator.of(20, 20, huge)))
        .withMessageContaining("exceeds the largest double");
    Arrays.fill(huge, 0.5e307);
    assertThat(SEARCH.largest(DenseOperator.of(20, 20, huge)).value())
        .isBetween(0.99e308, 1.01e308);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    for (double tolerance : new double[] {0, -1, 1, 1e-17, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SEARCH.withRelativeTolerance(tolerance))
          .withMessageContaining(String.valueOf(tolerance));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SEARCH.withMaxIterations(0))
        .withMessageContaining("is 0");
  }
}
