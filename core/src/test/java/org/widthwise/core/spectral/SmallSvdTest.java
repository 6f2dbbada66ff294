package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SmallSvdTest {

  @Test
  void agreesWithLapackAndReproducesTheMatrix() {
    for (int size : new int[] {1, 2, 3, 10, 60, 96}) {
      double[] flat = Matrices.gaussian(size, size, size);
      double[][] matrix = square(flat, size);
      SmallSvd svd = SmallSvd.of(matrix, size);
      double[] expected = Lapack.singularValues(size, size, flat);
      for (int k = 0; k < size; k++) {
        assertThat(svd.value(k)).isCloseTo(expected[k], within(1e-13 * expected[0]));
      }
      requireReconstruction(svd, matrix, size);
      requireOrthonormal(svd, size);
    }
  }

  @Test
  void decomposesAGradedBidiagonalToHighRelativeAccuracy() {
    // The product of the singular values is the determinant, 1e-5 · 1e-10 · …, all digits of it.
    int size = 20;
    double[][] matrix = new double[size][size];
    double logDeterminant = 0;
    for (int i = 0; i < size; i++) {
      matrix[i][i] = Math.pow(10, -i);
      logDeterminant += Math.log(matrix[i][i]);
      if (i + 1 < size) {
        matrix[i][i + 1] = 0.5 * Math.pow(10, -i);
      }
    }
    SmallSvd svd = SmallSvd.of(matrix, size);
    double sum = 0;
    for (int k = 0; k < size; k++) {
      sum += Math.log(svd.value(k));
    }
    assertThat(sum).isCloseTo(logDeterminant, within(1e-11));
  }

  @Test
  void findsZeroAndRepeatedValues() {
    double[][] matrix = {{0, 3, 0}, {0, 0, 0}, {-3, 0, 0}};
    SmallSvd svd = SmallSvd.of(matrix, 3);
    assertThat(svd.value(0)).isEqualTo(3);
    assertThat(svd.value(1)).isEqualTo(3);
    assertThat(svd.value(2)).isZero();
    assertThat(SmallSvd.of(new double[4][4], 4).value(0)).isZero();
  }

  @Test
  void decomposesOnlyTheLeadingBlock() {
    double[][] matrix = {{2, 0, 9}, {0, 1, 9}, {9, 9, 9}};
    SmallSvd svd = SmallSvd.of(matrix, 2);
    assertThat(svd.size()).isEqualTo(2);
    assertThat(svd.value(0)).isEqualTo(2);
    assertThat(svd.value(1)).isEqualTo(1);
  }

  @Test
  void returnsOnWildlyScaledEntries() {
    Random random = new Random(5);
    double[][] matrix = new double[30][30];
    for (double[] row : matrix) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextGaussian() * Math.pow(10, -30 * random.nextDouble());
      }
    }
    SmallSvd svd = SmallSvd.of(matrix, 30);
    requireReconstruction(svd, matrix, 30);
  }

  private static void requireReconstruction(SmallSvd svd, double[][] matrix, int size) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
          sum += svd.left(k)[i] * svd.value(k) * svd.right(k)[j];
        }
        assertThat(sum).isCloseTo(matrix[i][j], within(1e-13 * svd.value(0)));
      }
    }
  }

  private static void requireOrthonormal(SmallSvd svd, int size) {
    for (int p = 0; p < size; p++) {
      for (int q = 0; q < size; q++) {
        double expected = p == q ? 1 : 0;
        assertThat(Vectors.dot(svd.left(p), svd.left(q))).isCloseTo(expected, within(1e-12));
        assertThat(Vectors.dot(svd.right(p), svd.right(q))).isCloseTo(expected, within(1e-12));
      }
    }
  }

  private static double[][] square(double[] flat, int size) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      System.arraycopy(flat, i * size, matrix[i], 0, size);
    }
    return matrix;
  }
}
