package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The largest singular value against LAPACK and closed forms. */
class GolubKahanLanczosTest {
  private static final GolubKahanLanczos SEARCH = GolubKahanLanczos.withDefaults();

  /** A matrix under test. */
  static final class Case {
    private final String name;
    private final int rows;
    private final int columns;
    private final double[] matrix;

    Case(String name, int rows, int columns, double[] matrix) {
      this.name = name;
      this.rows = rows;
      this.columns = columns;
      this.matrix = matrix;
    }

    @Override
    public String toString() {
      return name + " " + rows + " × " + columns;
    }
  }

  static Stream<Case> cases() {
    Stream<Case> gaussian =
        Stream.of(
                new int[][] {
                  {1, 1},
                  {1, 9},
                  {9, 1},
                  {1, 2},
                  {2, 1},
                  {2, 2},
                  {2, 3},
                  {3, 2},
                  {17, 17},
                  {64, 8},
                  {8, 64},
                  {100, 100},
                  {95, 97},
                  {97, 95},
                  {96, 96},
                  {300, 200},
                  {400, 600}
                })
            .map(s -> new Case("gaussian", s[0], s[1], Matrices.gaussian(s[0], s[1], 7)));
    double[] geometric = new double[40];
    Arrays.setAll(geometric, k -> Math.pow(0.3, k));
    double[] slow = new double[60];
    Arrays.setAll(slow, k -> 1 - 1e-4 * k);
    double[] twins = {1, 1 - 1e-5, 0.5, 0.4, 0.3, 0.2};
    double[] closeTwins = {1, 1 - 1e-8, 0.99, 0.98, 0.3, 0.2};
    double[] repeated = {2, 2, 2, 1, 1, 0.5, 0.1};
    double[] bump = new double[150];
    Arrays.fill(bump, 1);
    bump[0] = 1 + 1e-5;
    double[] smallBump = bump.clone();
    smallBump[0] = 1 + 1e-7;
    return Stream.concat(
        gaussian,
        Stream.of(
            new Case("hilbert", 30, 30, Matrices.hilbert(30, 30)),
            new Case("hilbert", 20, 50, Matrices.hilbert(20, 50)),
            new Case("geometric", 80, 60, Matrices.withSpectrum(80, 60, geometric, 1)),
            new Case("tightly spaced", 60, 90, Matrices.withSpectrum(60, 90, slow, 2)),
            new Case("near twins", 40, 30, Matrices.withSpectrum(40, 30, twins, 3)),
            new Case("nearer twins", 40, 30, Matrices.withSpectrum(40, 30, closeTwins, 4)),
            new Case("repeated", 30, 40, Matrices.withSpectrum(30, 40, repeated, 5)),
            new Case("identity with a bump", 150, 150, Matrices.withSpectrum(150, 150, bump, 6)),
            new Case("with a small bump", 150, 150, Matrices.withSpectrum(150, 150, smallBump, 7)),
            new Case("identity", 50, 50, Matrices.identity(50)),
            new Case("all ones", 33, 21, filled(33 * 21, 1)),
            new Case("one entry", 5, 4, withEntry(20, 13, -3))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithLapackInDoublePrecision(Case c) {
    double expected = Lapack.singularValues(c.rows, c.columns, c.matrix)[0];
    DenseOperator a = DenseOperator.of(c.rows, c.columns, c.matrix);
    for (double tolerance : new double[] {1e-6, 1e-10}) {
      for (long seed = 0; seed < 3; seed++) {
        SingularTriplet found = SEARCH.withRelativeTolerance(tolerance).withSeed(seed).largest(a);
        assertThat(found.converged()).isTrue();
        assertThat(found.relativeErrorEstimate()).isLessThanOrEqualTo(tolerance);
        assertThat(found.value()).isCloseTo(expected, within(tolerance * expected));
        requireTriplet(a, found, tolerance);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithLapackForSinglePrecisionStorage(Case c) {
    float[] stored = Matrices.toFloat(c.matrix);
    double expected = Lapack.singularValues(c.rows, c.columns, Matrices.toDouble(stored))[0];
    SingularTriplet found = SEARCH.largest(DenseOperator.of(c.rows, c.columns, stored));
    assertThat(found.value()).isCloseTo(expected, within(1e-10 * expected));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void findsTheLargestOfScaledMatrices(Case c) {
    double largest = Lapack.singularValues(c.rows, c.columns, c.matrix)[0];
    for (double scale : new double[] {1e-250, 1e-120, 1e-40, 1e40, 1e120, 1e300}) {
      double[] scaled = Matrices.scaled(c.matrix, scale);
      double expected = scale * largest;
      SingularTriplet found = SEARCH.largest(DenseOperator.of(c.rows, c.columns, scaled));
      assertThat(found.value()).isCloseTo(expected, within(1.1e-10 * expected));
    }
  }

  @Test
  void keepsDigitsOfDenormalEntries() {
    // Integers times the smallest double are exact, so the true norm is known to all digits.
    double[] integers = new double[30 * 20];
    Arrays.setAll(integers, i -> (i * 7919) % 1001 - 500);
    double expected = Lapack.singularValues(30, 20, integers)[0];
    double[] tiny = Matrices.scaled(integers, Double.MIN_VALUE);
    SingularTriplet found = SEARCH.largest(DenseOperator.of(30, 20, tiny));
    // The result itself is a denormal, rounded to a multiple of the smallest double.
    assertThat(found.value() / Double.MIN_VALUE).isCloseTo(expected, within(1.0));
    double[] denormal = Matrices.scaled(integers, 1e-310);
    assertThat(SEARCH.largest(DenseOperator.of(30, 20, denormal)).value())
        .isCloseTo(1e-310 * expected, within(1e-10 * 1e-310 * expected));
  }

  @Test
  void survivesAnOperatorThatComputesInSinglePrecision() {
    // Scaling up to find denormals must not overflow such an operator, nor turn zero into NaN.
    for (double scale : new double[] {1, 1e-36, 1e36}) {
      double[] matrix = Matrices.scaled(Matrices.gaussian(20, 30, 3), scale);
      double expected = Lapack.singularValues(20, 30, matrix)[0];
      SingularTriplet found =
          SEARCH.withRelativeTolerance(1e-6).largest(new SinglePrecision(20, 30, matrix));
      assertThat(found.converged()).isTrue();
      assertThat(found.value()).isCloseTo(expected, within(1e-5 * expected));
    }
    SingularTriplet zero = SEARCH.largest(new SinglePrecision(20, 30, new double[600]));
    assertThat(zero.value()).isZero();
  }

  @Test
  void costsFewProductsWhereThereIsAGapAndAFewHundredWhereThereIsNone() {
    double[] decaying = new double[30];
    Arrays.setAll(decaying, k -> Math.pow(0.5, k));
    SingularTriplet gap =
        SEARCH
            .withRelativeTolerance(1e-6)
            .largest(DenseOperator.of(300, 300, Matrices.withSpectrum(300, 300, decaying, 8)));
    assertThat(gap.products()).isLessThanOrEqualTo(24);
    SingularTriplet noGap =
        SEARCH
            .withRelativeTolerance(1e-6)
            .largest(DenseOperator.of(400, 400, Matrices.gaussian(400, 400, 9)));
    assertThat(noGap.products()).isLessThanOrEqualTo(200);
  }

  @Test
  void findsAPlantedNormOfALargeMatrix() {
    // Rank two by construction: [u1 u2] diag(1, 0.999) [v1 v2]ᵀ, applied without forming it.
    double[][] u = Matrices.orthonormal(2, 2000, 21);
    double[][] v = Matrices.orthonormal(2, 3000, 22);
    double[] product = new double[2000 * 3000];
    for (int i = 0; i < 2000; i++) {
      for (int j = 0; j < 3000; j++) {
        product[i * 3000 + j] = 3 * u[0][i] * v[0][j] + 2.997 * u[1][i] * v[1][j];
      }
    }
    SingularTriplet found = SEARCH.largest(DenseOperator.of(2000, 3000, product));
    assertThat(found.value()).isCloseTo(3, within(3e-10));
    assertThat(Math.abs(Vectors.dot(found.right(), v[0]))).isCloseTo(1, within(1e-9));
    assertThat(found.iterations()).isLessThanOrEqualTo(5);
  }

  @Test
  void restartsKeepTheAnswerWhenTheBasisIsFull() {
    // A path's adjacency matrix: eigenvalues 2 cos(kπ/(n+1)), so crowded that 96 vectors are few.
    int n = 600;
    SingularTriplet found = SEARCH.largest(new Path(n));
    assertThat(found.iterations()).isGreaterThan(200);
    assertThat(found.converged()).isTrue();
    double expected = 2 * Math.cos(Math.PI / (n + 1));
    assertThat(found.value()).isCloseTo(expected, within(1e-10 * expected));
  }

  @Test
  void saysWhenTheIterationsDidNotSuffice() {
    SingularTriplet found = SEARCH.withMaxIterations(5).largest(new Path(600));
    assertThat(found.converged()).isFalse();
    assertThat(found.iterations()).isEqualTo(5);
    assertThat(found.relativeErrorEstimate()).isGreaterThan(1e-10);
    assertThat(found.value()).isBetween(1.0, 2.0);
  }

  @Test
  void theValueOfZeroHasUnitVectors() {
    for (int[] shape : List.of(new int[] {3, 4}, new int[] {0, 4}, new int[] {3, 0})) {
      DenseOperator a = DenseOperator.of(shape[0], shape[1], new double[shape[0] * shape[1]]);
      SingularTriplet found = SEARCH.largest(a);
      assertThat(found.value()).isZero();
      assertThat(found.converged()).isTrue();
      assertThat(found.left()).isEqualTo(Vectors.firstAxis(shape[0]));
      assertThat(found.right()).isEqualTo(Vectors.firstAxis(shape[1]));
    }
  }

  @Test
  void rankOneTakesOneStepOrTwo() {
    double[] u = Matrices.gaussian(1, 70, 1);
    double[] v = Matrices.gaussian(1, 50, 2);
    SingularTriplet found = SEARCH.largest(DenseOperator.of(70, 50, Matrices.outer(u, v)));
    double expected = Vectors.norm(u) * Vectors.norm(v);
    assertThat(found.value()).isCloseTo(expected, within(1e-13 * expected));
    assertThat(found.iterations()).isLessThanOrEqualTo(2);
  }

  @Test
  void sameSettingsGiveTheSameResult() {
    DenseOperator a = DenseOperator.of(30, 40, Matrices.gaussian(30, 40, 5));
    assertThat(SEARCH.largest(a)).isEqualTo(SEARCH.largest(a));
    assertThat(SEARCH.withSeed(1).largest(a)).isNotEqualTo(SEARCH.largest(a));
  }

  private static void requireTriplet(DenseOperator a, SingularTriplet t, double tolerance) {
    assertThat(Vectors.norm(t.left())).isCloseTo(1, within(1e-12));
    assertThat(Vectors.norm(t.right())).isCloseTo(1, within(1e-12));
    double[] av = new double[a.rows()];
    a.apply(t.right(), av);
    Vectors.add(-t.value(), t.left(), av);
    assertThat(Vectors.norm(av)).isLessThanOrEqualTo(1e-13 * t.value());
    double[] atu = new double[a.columns()];
    a.applyTransposed(t.left(), atu);
    Vectors.add(-t.value(), t.right(), atu);
    assertThat(Vectors.norm(atu)).isLessThanOrEqualTo((tolerance + 1e-13) * t.value());
  }

  private static double[] filled(int length, double value) {
    double[] a = new double[length];
    Arrays.fill(a, value);
    return a;
  }

  private static double[] withEntry(int length, int index, double value) {
    double[] a = new double[length];
    a[index] = value;
    return a;
  }

  /** Rounds inputs, entries and outputs to single precision. */
  private record SinglePrecision(DenseOperator matrix) implements LinearOperator {
    SinglePrecision(int rows, int columns, double[] entries) {
      this(DenseOperator.of(rows, columns, Matrices.toFloat(entries)));
    }

    @Override
    public int rows() {
      return matrix.rows();
    }

    @Override
    public int columns() {
      return matrix.columns();
    }

    @Override
    public void apply(double[] x, double[] y) {
      matrix.apply(rounded(x), y);
      System.arraycopy(rounded(y), 0, y, 0, y.length);
      poison(x, y);
    }

    @Override
    public void applyTransposed(double[] y, double[] x) {
      matrix.applyTransposed(rounded(y), x);
      System.arraycopy(rounded(x), 0, x, 0, x.length);
      poison(y, x);
    }

    private static double[] rounded(double[] x) {
      return Matrices.toDouble(Matrices.toFloat(x));
    }

    /** An infinite input meets a zero somewhere in any real kernel. */
    private static void poison(double[] input, double[] output) {
      for (double value : rounded(input)) {
        if (!Double.isFinite(value)) {
          output[0] = Double.NaN;
        }
      }
    }
  }

  /** The adjacency matrix of a path. */
  private record Path(int size) implements LinearOperator {
    @Override
    public int rows() {
      return size;
    }

    @Override
    public int columns() {
      return size;
    }

    @Override
    public void apply(double[] x, double[] y) {
      for (int i = 0; i < size; i++) {
        y[i] = (i > 0 ? x[i - 1] : 0) + (i + 1 < size ? x[i + 1] : 0);
      }
    }

    @Override
    public void applyTransposed(double[] y, double[] x) {
      apply(y, x);
    }
  }
}
