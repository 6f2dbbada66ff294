package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Distributions of singular values: all of them, an estimate, and what noise has. */
final class SpectrumTest {

  private static double[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  private static double[] gram(int size, int count, double[] rows) {
    double[] gram = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        for (int k = 0; k < count; k++) {
          gram[i * size + j] += rows[i * count + k] * rows[j * count + k];
        }
      }
    }
    return gram;
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "2, 2", "3, 9", "30, 30", "60, 100", "50, 7"})
  void eigenvaluesOfAGramMatrixAreLapacksSquares(int size, int count) {
    double[] rows = gaussian(size * count, 3);
    double[] found = SymmetricEigenvalues.of(size, gram(size, count, rows));
    double[] singular = Lapack.singularValues(size, count, rows);
    assertThat(found).hasSize(size);
    for (int i = 0; i < size; i++) {
      double expected = i < singular.length ? singular[i] * singular[i] : 0;
      // A few roundings of the largest, for each of the size's reflections.
      assertThat(found[i]).isCloseTo(expected, within(1e-13 * singular[0] * singular[0]));
    }
  }

  @Test
  void eigenvaluesMayBeNegativeZeroAndMultiple() {
    assertThat(SymmetricEigenvalues.of(0, new double[0])).isEmpty();
    assertThat(SymmetricEigenvalues.of(3, new double[9])).containsExactly(0, 0, 0);
    double[] exchange = {0, 1, 0, 1, 0, 0, 0, 0, -2};
    assertThat(SymmetricEigenvalues.of(3, exchange))
        .containsExactly(new double[] {1, -1, -2}, within(1e-15));
    // The second difference, with its closed form.
    int size = 41;
    double[] second = new double[size * size];
    for (int i = 0; i < size; i++) {
      second[i * size + i] = 2;
      if (i > 0) {
        second[i * size + i - 1] = -1;
      }
    }
    double[] found = SymmetricEigenvalues.of(size, second);
    for (int i = 0; i < size; i++) {
      assertThat(found[i])
          .isCloseTo(2 + 2 * Math.cos((i + 1) * Math.PI / (size + 1)), within(1e-13));
    }
    assertThatThrownBy(() -> SymmetricEigenvalues.of(2, new double[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SymmetricEigenvalues.of(2, new double[] {1, 0, Double.NaN, 1}))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({"40, 90", "90, 40"})
  void asManyStepsAsValuesGiveTheirMoments(int rows, int columns) {
    double[] matrix = gaussian(rows * columns, 5);
    double[] singular = Lapack.singularValues(rows, columns, matrix);
    SpectralDensity density =
        SpectralDensity.of(DenseOperator.of(rows, columns, matrix), 400, 8, 1);
    double shares = 0;
    double second = 0;
    for (SpectralDensity.Node node : density.nodes()) {
      shares += node.share();
      second += node.share() * node.value() * node.value();
    }
    double expected = 0;
    for (double value : singular) {
      expected += value * value / singular.length;
    }
    assertThat(shares).isCloseTo(1, within(1e-12));
    // Each start has the moment to a relative √(2/40 · 1.4) ≈ 0.3; 400 of them to 0.015.
    assertThat(second / expected).isCloseTo(1, within(0.05));
  }

  @Test
  void theLawIsWhatGaussianMatricesFollow() {
    int small = 150;
    int large = 300;
    double sigma = 0.3;
    double[] matrix = gaussian(small * large, 7);
    double[] singular = Lapack.singularValues(small, large, matrix);
    MarchenkoPastur law = new MarchenkoPastur(small, large, sigma);
    double worst = 0;
    for (int i = 0; i < small; i++) {
      double below = (small - i - 0.5) / small;
      worst = Math.max(worst, Math.abs(law.cumulative(sigma * singular[i]) - below));
    }
    // Singular values repel each other: each strays by about √(log n) places, not by √n.
    assertThat(worst).isLessThan(4.0 / small);
    assertThat(law.cumulative(law.lower())).isCloseTo(0, within(1e-6));
    assertThat(law.cumulative(law.upper())).isCloseTo(1, within(1e-6));
    assertThat(law.edge()).isBetween(law.upper(), 1.03 * law.upper());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 60})
  void noiseLiesWithinTheEdgeNinetyNineTimesInAHundred(int small) {
    int beyond = 0;
    for (int trial = 0; trial < 200; trial++) {
      double[] matrix = gaussian(small * 60, 100 + trial);
      double largest = Lapack.singularValues(small, 60, matrix)[0];
      beyond += largest > new MarchenkoPastur(small, 60, 1).edge() ? 1 : 0;
    }
    // Two are expected; nine or more come once in five thousand times.
    assertThat(beyond).isLessThan(9);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new MarchenkoPastur(3, 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MarchenkoPastur(1, 2, 0))
        .isInstanceOf(IllegalArgumentException.class);
    DenseOperator none = DenseOperator.of(0, 2, new double[0]);
    assertThatThrownBy(() -> SpectralDensity.of(none, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
