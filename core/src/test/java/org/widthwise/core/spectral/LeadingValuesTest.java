package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Several leading singular values, with their multiplicities. */
class LeadingValuesTest {
  private static final GolubKahanLanczos SEARCH = GolubKahanLanczos.withDefaults();

  @Test
  void agreesWithLapackOnGaussianMatrices() {
    for (int[] shape : new int[][] {{1, 1}, {1, 8}, {8, 1}, {12, 12}, {60, 200}, {200, 60}}) {
      double[] matrix = Matrices.gaussian(shape[0], shape[1], 3);
      for (int count : new int[] {1, 2, 7, 60}) {
        requireLapack(shape[0], shape[1], matrix, count);
      }
    }
  }

  @Test
  void agreesWithLapackOnFamousMatrices() {
    requireLapack(30, 30, Matrices.hilbert(30, 30), 30);
    double[] geometric = new double[50];
    Arrays.setAll(geometric, k -> Math.pow(0.4, k));
    requireLapack(70, 50, Matrices.withSpectrum(70, 50, geometric, 4), 20);
    double[] bump = new double[60];
    Arrays.fill(bump, 1);
    bump[0] = 1 + 1e-6;
    requireLapack(60, 60, Matrices.withSpectrum(60, 60, bump, 5), 4);
    requireLapack(300, 260, Matrices.gaussian(300, 260, 6), 120);
  }

  @Test
  void findsEveryCopyOfRepeatedValues() {
    requireSpectrum(new double[] {5, 5, 5, 1, 0.9, 0.8, 0.7, 0.6}, 8);
    double[] doubled = new double[40];
    Arrays.setAll(doubled, k -> Math.pow(0.9, k - k % 2));
    requireSpectrum(doubled, 15);
    double[] laterCopies = {3, 2, 2, 2, 2, 1, 1, 1, 0.5};
    for (int count = 1; count <= laterCopies.length; count++) {
      requireSpectrum(laterCopies, count);
    }
  }

  @Test
  void findsAllOnesOfTheIdentityAndOfOrthogonalMatrices() {
    requireLapack(40, 40, Matrices.identity(40), 40);
    requireLapack(40, 40, Matrices.identity(40), 11);
    double[] ones = new double[30];
    Arrays.fill(ones, 1);
    requireLapack(30, 50, Matrices.withSpectrum(30, 50, ones, 9), 30);
  }

  @Test
  void countsZerosOfDeficientMatrices() {
    double[] values = {4, 3, 2};
    double[] matrix = Matrices.withSpectrum(20, 25, values, 11);
    SingularValues found = SEARCH.leading(DenseOperator.of(20, 25, matrix), 6);
    assertThat(found.converged()).isTrue();
    assertThat(found.values()).hasSize(6);
    requireClose(found.values(), new double[] {4, 3, 2, 0, 0, 0}, 4e-10);
    SingularValues zero = SEARCH.leading(DenseOperator.of(3, 4, new double[12]), 2);
    assertThat(zero.values()).containsExactly(0, 0);
    assertThat(zero.converged()).isTrue();
    assertThat(SEARCH.leading(DenseOperator.of(0, 4, new double[0]), 2).values()).isEmpty();
  }

  @Test
  void givesNoMoreThanThereAre() {
    SingularValues found = SEARCH.leading(DenseOperator.of(2, 3, Matrices.gaussian(2, 3, 1)), 9);
    assertThat(found.values()).hasSize(2);
  }

  @Test
  void worksAtTheEndsOfTheRange() {
    double[] matrix = Matrices.gaussian(30, 40, 13);
    double[] expected = Lapack.singularValues(30, 40, matrix);
    for (double scale : new double[] {1e-300, 1e300}) {
      SingularValues found =
          SEARCH.leading(DenseOperator.of(30, 40, Matrices.scaled(matrix, scale)), 5);
      for (int k = 0; k < 5; k++) {
        assertThat(found.values()[k])
            .isCloseTo(scale * expected[k], within(1e-10 * scale * expected[0]));
      }
    }
  }

  @Test
  void looseTolerancesAreMetWithFewerProducts() {
    double[] matrix = Matrices.gaussian(100, 150, 14);
    double[] expected = Lapack.singularValues(100, 150, matrix);
    DenseOperator a = DenseOperator.of(100, 150, matrix);
    SingularValues loose = SEARCH.withRelativeTolerance(1e-4).leading(a, 10);
    assertThat(loose.converged()).isTrue();
    requireClose(loose.values(), Arrays.copyOf(expected, 10), 1e-4 * expected[0]);
    assertThat(loose.products()).isLessThan(SEARCH.leading(a, 10).products());
  }

  @Test
  void saysWhenTheIterationsDidNotSuffice() {
    DenseOperator a = DenseOperator.of(100, 150, Matrices.gaussian(100, 150, 14));
    SingularValues found = SEARCH.withMaxIterations(10).leading(a, 5);
    assertThat(found.converged()).isFalse();
    assertThat(found.values()).hasSize(5);
    assertThat(found.iterations()).isEqualTo(10);
  }

  @Test
  void refusesToFindNothing() {
    DenseOperator a = DenseOperator.of(1, 1, new double[1]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SEARCH.leading(a, 0))
        .withMessageContaining("count is 0");
  }

  private static void requireSpectrum(double[] spectrum, int count) {
    double[] matrix = Matrices.withSpectrum(45, 60, spectrum, 17);
    requireLapack(45, 60, matrix, count);
  }

  private static void requireLapack(int rows, int columns, double[] matrix, int count) {
    double[] expected = Lapack.singularValues(rows, columns, matrix);
    for (long seed = 0; seed < 2; seed++) {
      SingularValues found =
          SEARCH.withSeed(seed).leading(DenseOperator.of(rows, columns, matrix), count);
      assertThat(found.converged()).isTrue();
      assertThat(found.values()).hasSize(Math.min(count, Math.min(rows, columns)));
      requireClose(
          found.values(), Arrays.copyOf(expected, found.values().length), 1e-10 * expected[0]);
    }
  }

  private static void requireClose(double[] found, double[] expected, double tolerance) {
    for (int k = 0; k < expected.length; k++) {
      assertThat(found[k]).as("value %s", k).isCloseTo(expected[k], within(tolerance));
    }
  }
}
