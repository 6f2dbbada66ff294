package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Warm starts: cheap when right, harmless when wrong. */
class WarmStartTest {
  private static final GolubKahanLanczos SEARCH = GolubKahanLanczos.withDefaults();

  @Test
  void afterASmallChangeTakesAboutHalfTheIterations() {
    double[] spectrum = new double[120];
    Arrays.setAll(spectrum, k -> Math.pow(0.98, k));
    double[] matrix = Matrices.withSpectrum(150, 200, spectrum, 8);
    double[] noise = Matrices.gaussian(150, 200, 9);
    double[] changed = matrix.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] += 1e-9 * noise[i];
    }
    SingularTriplet before = SEARCH.largest(DenseOperator.of(150, 200, matrix));
    DenseOperator after = DenseOperator.of(150, 200, changed);
    SingularTriplet cold = SEARCH.largest(after);
    SingularTriplet warm = SEARCH.largest(after, before.right());
    assertThat(warm.converged()).isTrue();
    assertThat(warm.relativeErrorEstimate()).isLessThanOrEqualTo(1e-10);
    assertThat(warm.value()).isCloseTo(cold.value(), within(1e-10));
    assertThat(warm.value()).isCloseTo(Lapack.singularValues(150, 200, changed)[0], within(1e-10));
    assertThat(warm.iterations()).isLessThan((int) (0.6 * cold.iterations()));
    // From the answer itself, only the verification is left to do.
    SingularTriplet repeated = SEARCH.largest(after, cold.right());
    assertThat(repeated.value()).isCloseTo(cold.value(), within(1e-10));
    assertThat(repeated.iterations()).isLessThan((int) (0.6 * cold.iterations()));
  }

  /** Second values from half the first to within a tolerance or two of it. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.9, 0.99, 0.999, 0.9999, 1 - 1e-5, 1 - 1e-6, 1 - 1e-8})
  void anExactSingularVectorOfALesserValueIsNotBelieved(double second) {
    double[] spectrum = new double[80];
    Arrays.setAll(spectrum, k -> k == 0 ? 1 : second * Math.pow(0.97, k - 1));
    double[] matrix = Matrices.withSpectrum(90, 120, spectrum, 30);
    double[][] right = Matrices.rightVectors(120, 80, 30);
    DenseOperator a = DenseOperator.of(90, 120, matrix);
    for (double tolerance : new double[] {1e-3, 1e-6, 1e-10}) {
      for (int rank : new int[] {1, 2, 79}) {
        for (long seed = 0; seed < 3; seed++) {
          SingularTriplet found =
              SEARCH.withRelativeTolerance(tolerance).withSeed(seed).largest(a, right[rank]);
          assertThat(found.converged()).isTrue();
          assertThat(found.value())
              .as("tolerance %s, rank %s, seed %s", tolerance, rank, seed)
              .isCloseTo(1, within(tolerance));
        }
      }
    }
  }

  @Test
  void axisVectorsOfADiagonalMatrixDoNotDeceive() {
    int n = 50;
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      matrix[i * n + i] = 1 + i;
    }
    DenseOperator a = DenseOperator.of(n, n, matrix);
    for (int axis = 0; axis < n; axis++) {
      double[] start = new double[n];
      start[axis] = 1e-3;
      SingularTriplet found = SEARCH.largest(a, start);
      assertThat(found.value()).isCloseTo(n, within(1e-10 * n));
      assertThat(Math.abs(found.right()[n - 1])).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void aStartOrthogonalToTheTopVectorButNotSingularDoesNotDeceive() {
    double[] spectrum = new double[60];
    Arrays.setAll(spectrum, k -> k == 0 ? 1 : 0.7 * Math.pow(0.9, k));
    double[] matrix = Matrices.withSpectrum(60, 60, spectrum, 40);
    double[] top = Matrices.rightVectors(60, 60, 40)[0];
    double[] start = Matrices.gaussian(1, 60, 99);
    Vectors.add(-Vectors.dot(start, top), top, start);
    for (double tolerance : new double[] {1e-3, 1e-6, 1e-10}) {
      SingularTriplet found =
          SEARCH.withRelativeTolerance(tolerance).largest(DenseOperator.of(60, 60, matrix), start);
      assertThat(found.value()).isCloseTo(1, within(tolerance));
    }
  }

  @Test
  void aStartInTheNullSpaceDoesNotDeceive() {
    DenseOperator a = DenseOperator.of(2, 3, new double[] {3, 0, 0, 0, 4, 0});
    SingularTriplet found = SEARCH.largest(a, new double[] {0, 0, 1});
    assertThat(found.value()).isCloseTo(4, within(1e-9));
    assertThat(found.converged()).isTrue();
  }

  @Test
  void repeatedTopValuesAreFoundFromAnyOfTheirVectors() {
    DenseOperator identity = DenseOperator.of(40, 40, Matrices.identity(40));
    SingularTriplet found = SEARCH.largest(identity, Vectors.firstAxis(40));
    assertThat(found.value()).isCloseTo(1, within(1e-12));
    assertThat(found.converged()).isTrue();
    DenseOperator single = DenseOperator.of(1, 3, new double[] {1, 2, 2});
    assertThat(SEARCH.largest(single, new double[] {1, 0, 0}).value()).isCloseTo(3, within(1e-9));
    DenseOperator column = DenseOperator.of(3, 1, new double[] {1, 2, 2});
    assertThat(SEARCH.largest(column, new double[] {-5}).value()).isCloseTo(3, within(1e-9));
  }

  @Test
  void theLengthOfTheStartDoesNotMatter() {
    DenseOperator a = DenseOperator.of(20, 30, Matrices.gaussian(20, 30, 1));
    double expected = SEARCH.largest(a).value();
    for (double scale : new double[] {2024 * Double.MIN_VALUE, 1e-200, 1e200, 1e307}) {
      double[] start = new double[30];
      Arrays.fill(start, scale);
      assertThat(SEARCH.largest(a, start).value()).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  @Test
  void runningOutOfIterationsIsSaid() {
    DenseOperator a = DenseOperator.of(100, 100, Matrices.gaussian(100, 100, 1));
    double[] right = SEARCH.largest(a).right();
    for (int budget = 1; budget < 5; budget++) {
      SingularTriplet found = SEARCH.withMaxIterations(budget).largest(a, right);
      assertThat(found.iterations()).isEqualTo(budget);
      assertThat(found.converged()).isFalse();
    }
  }

  @Test
  void refusesUselessStarts() {
    DenseOperator a = DenseOperator.of(2, 3, new double[6]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SEARCH.largest(a, new double[2]))
        .withMessageContaining("3 here")
        .withMessageContaining("has 2");
    assertThatIllegalArgumentException().isThrownBy(() -> SEARCH.largest(a, new double[3]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SEARCH.largest(a, new double[] {1, Double.NaN, 0}))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SEARCH.largest(a, new double[] {1, Double.POSITIVE_INFINITY, 0}))
        .withMessageContaining("Infinity");
  }
}
