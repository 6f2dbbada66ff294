package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CheckpointMatrixTest {

  /** Sums of eight products in single precision, more of them in double. */
  private static final double PRECISION = 4e-7;

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 7",
    "3, 8",
    "8, 9",
    "9, 15",
    "17, 64",
    "31, 4099",
    "200, 4096",
    "5000, 3",
    "64, 777"
  })
  void productsAreThoseOfLoops(int rows, int columns) {
    double[] a = Matrices.gaussian(rows * columns, 1);
    double[] x = Matrices.gaussian(columns, 2);
    double[] y = Matrices.gaussian(rows, 3);
    double[] ax = new double[rows];
    double[] aty = new double[columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        ax[i] += a[i * columns + j] * x[j];
        aty[j] += a[i * columns + j] * y[i];
      }
    }

    CheckpointMatrix held = matrix(a, rows, columns, Integer.MAX_VALUE, 1);
    assertClose(image(held, x), ax, Matrices.norm(a) * Matrices.norm(x) / Math.sqrt(rows));
    assertClose(coimage(held, y), aty, Matrices.norm(a) * Matrices.norm(y) / Math.sqrt(columns));
  }

  @ParameterizedTest
  @CsvSource({"50, 40, 320", "50, 40, 10000", "50, 41, 16", "1000, 3, 24", "3, 1000, 7"})
  void streamedProductsAreThoseOfTheMatrixInMemory(int rows, int columns, int block) {
    double[] a = Matrices.gaussian(rows * columns, 4);
    double[] x = Matrices.gaussian(columns, 5);
    double[] y = Matrices.gaussian(rows, 6);
    CheckpointMatrix held = matrix(a, rows, columns, Integer.MAX_VALUE, block);
    CheckpointMatrix streamed = matrix(a, rows, columns, 0, block);

    double size = Matrices.norm(a) * Matrices.norm(x) / Math.sqrt(rows);
    assertClose(image(streamed, x), image(held, x), size);
    size = Matrices.norm(a) * Matrices.norm(y) / Math.sqrt(columns);
    assertClose(coimage(streamed, y), coimage(held, y), size);
  }

  /** To the bit, or what is found would depend on what else ran at the time. */
  @ParameterizedTest
  @CsvSource({"700, 900, 2147483647", "700, 900, 300000", "3, 400000, 500000", "9000, 7, 63"})
  void threadsDoNotChangeProducts(int rows, int columns, int mostRead) {
    double[] a = Matrices.gaussian(rows * columns, 9);
    double[] x = Matrices.gaussian(columns, 10);
    double[] y = Matrices.gaussian(rows, 11);
    int held = mostRead == Integer.MAX_VALUE ? mostRead : 0;
    CheckpointMatrix alone = matrix(a, rows, columns, held, Math.max(1, mostRead));
    try (SpareThreads threads = new SpareThreads(3)) {
      TensorValues values = TensorValues.of(Matrices.tensor("w", a, rows, columns));
      CheckpointMatrix shared =
          new CheckpointMatrix(rows, columns, values, 0, held, Math.max(1, mostRead), threads);
      assertThat(image(shared, x)).isEqualTo(image(alone, x));
      assertThat(coimage(shared, y)).isEqualTo(coimage(alone, y));
    }
  }

  private static CheckpointMatrix matrix(
      double[] a, int rows, int columns, int mostHeld, int mostRead) {
    TensorValues values = TensorValues.of(Matrices.tensor("w", a, rows, columns));
    try (SpareThreads none = new SpareThreads(0)) {
      return new CheckpointMatrix(rows, columns, values, 0, mostHeld, mostRead, none);
    }
  }

  private static double[] image(CheckpointMatrix matrix, double[] x) {
    double[] y = Matrices.gaussian(matrix.rows(), 7);
    matrix.apply(x, y);
    return y;
  }

  private static double[] coimage(CheckpointMatrix matrix, double[] y) {
    double[] x = Matrices.gaussian(matrix.columns(), 8);
    matrix.applyTransposed(y, x);
    return x;
  }

  private static void assertClose(double[] actual, double[] expected, double size) {
    assertThat(actual).containsExactly(expected, within(PRECISION * size));
  }
}
