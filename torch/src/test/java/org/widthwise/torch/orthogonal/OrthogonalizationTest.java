package org.widthwise.torch.orthogonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.spectral.OddQuintic;
import org.widthwise.core.spectral.PolarIteration;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;

final class OrthogonalizationTest {

  private static final int RANK = 24;

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static List<Orthogonalization> all() {
    return List.of(
        Orthogonalization.kellerJordan(),
        Orthogonalization.modula(),
        Orthogonalization.polarExpress(),
        IteratedOrthogonalization.of(PolarIteration.cubic()),
        Orthogonalization.polarExpress().inBfloat16(),
        Orthogonalization.exact());
  }

  /** Iteration, published band and half a unit of its last digit. */
  private static Map<PolarIteration, double[]> bands() {
    return Map.of(
        PolarIteration.kellerJordan(), new double[] {0.682, 1.134, 5e-4},
        PolarIteration.modula(), new double[] {0.9956, 0.9993, 5e-5},
        PolarIteration.polarExpress(), new double[] {0.859, 1.141, 5e-4},
        PolarIteration.cubic(), new double[] {0.076, 1, 5e-4});
  }

  /**
   * A matrix with singular values from 0.01 to 1 as they stand after the division by the Frobenius
   * norm: each goes where core's polynomial takes it, and all into the published band.
   */
  @Test
  void singularValuesGoWherePolynomialsTakeThemAndIntoThePublishedBand() {
    double[] values = spectrum();
    double frobenius = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    for (Map.Entry<PolarIteration, double[]> band : bands().entrySet()) {
      Tensor result = IteratedOrthogonalization.of(band.getKey()).of(matrix(40, 30, values), 0);
      double[] expected =
          Arrays.stream(values).map(v -> band.getKey().at(v / frobenius)).sorted().toArray();
      double[] actual = singularValues(result);
      // Ascending, behind the six zeros of a matrix of rank 24.
      for (int i = 0; i < RANK; i++) {
        assertThat(actual[30 - RANK + i]).isCloseTo(expected[i], within(1e-12));
      }
      double[] limits = band.getValue();
      for (int i = 0; i < RANK; i++) {
        if (values[i] / frobenius >= 0.01) {
          assertThat(band.getKey().at(values[i] / frobenius))
              .isBetween(limits[0] - limits[2], limits[1] + limits[2]);
        }
      }
    }
  }

  /** A cubic with a coefficient that single precision would round. */
  @Test
  void coefficientsAreThoseOfDoublePrecision() {
    PolarIteration cubic = PolarIteration.repeated(new OddQuintic(1.4, -0.4, 0), 3);
    double[] values = spectrum();
    double frobenius = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());

    double[] actual =
        singularValues(IteratedOrthogonalization.of(cubic).of(matrix(40, 30, values), 0));

    double[] expected = Arrays.stream(values).map(v -> cubic.at(v / frobenius)).sorted().toArray();
    for (int i = 0; i < RANK; i++) {
      assertThat(actual[30 - RANK + i]).isCloseTo(expected[i], within(1e-12));
    }
  }

  /** From 0.01 times the Frobenius norm up; the large ones are few, so that all are in the band. */
  private static double[] spectrum() {
    double[] values = new double[RANK];
    for (int i = 0; i < RANK; i++) {
      values[i] = Math.pow(0.01, (double) i / (RANK - 1));
    }
    double frobenius = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    for (int i = 0; i < RANK; i++) {
      values[i] = Math.max(values[i], 0.0101 * frobenius);
    }
    return values;
  }

  /** In bfloat16 with its 8 bits: the band and 2⁻⁷ of rounding, accumulated to some percent. */
  @ParameterizedTest
  @CsvSource({"keller-jordan, 0.682, 1.134", "polar-express, 0.859, 1.141"})
  void bfloat16StaysInTheBand(String name, double lowest, double highest) {
    IteratedOrthogonalization way =
        name.equals("polar-express")
            ? Orthogonalization.polarExpress()
            : Orthogonalization.kellerJordan();
    double[] values = new double[RANK];
    Arrays.setAll(values, i -> 1 - 0.03 * i);
    for (ScalarType type : List.of(ScalarType.Float, ScalarType.BFloat16)) {
      Tensor result = way.inBfloat16().of(matrix(RANK, 64, values).to(type), 1e-7);
      assertThat(Tensors.type(result)).isEqualTo(type);
      for (double value : singularValues(result.to(ScalarType.Double))) {
        assertThat(value).isBetween(lowest - 0.03, highest + 0.03);
      }
    }
  }

  @Test
  void theExactWayIsThePolarFactor() {
    for (int[] shape : new int[][] {{40, 30}, {30, 40}, {24, 24}}) {
      double[] values = spectrum();
      Tensor left = orthonormal(shape[0], 5);
      Tensor right = orthonormal(shape[1], 6);
      Tensor matrix = left.mul(Tensor.create(values)).mm(right.t());
      Tensor polar = left.mm(right.t());
      assertThat(error(Orthogonalization.exact().of(matrix, 0), polar)).isLessThan(1e-12);
      // Modula's six steps are within half a percent of it in spectral norm, singular vectors and
      // all.
      Tensor near = Orthogonalization.modula().of(matrix, 0);
      assertThat(singularValues(near.sub(polar))[Math.min(shape[0], shape[1]) - 1])
          .isLessThan(0.0045);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aStackIsItsMapsOneByOneAndATallMatrixAWideOneTurned(Orthogonalization way) {
    for (long[] shape : new long[][] {{3, 9, 5}, {3, 5, 9}, {2, 6, 6}}) {
      Tensor stack = gaussian(1, shape).mul_(new Scalar(7.0));
      Tensor result = way.of(stack, 1e-7);
      Tensor turned = way.of(stack.transpose(-2, -1), 1e-7).transpose(-2, -1);
      assertThat(Tensors.shape(result)).isEqualTo(shape);
      for (long map = 0; map < shape[0]; map++) {
        Tensor single = way.of(stack.select(0, map), 1e-7);
        assertThat(error(result.select(0, map), single)).isLessThan(tolerance(way));
        assertThat(error(turned.select(0, map), single)).isLessThan(tolerance(way));
      }
    }
  }

  /** In bfloat16, 2⁻⁸ through the slopes of the last three steps, 3.9 · 3.3 · 2.3. */
  private static double tolerance(Orthogonalization way) {
    return way instanceof IteratedOrthogonalization iterated && iterated.bfloat16() ? 0.12 : 1e-11;
  }

  @ParameterizedTest
  @MethodSource("all")
  void zeroStaysZeroAndNanSpoilsItsOwnMapAlone(Orthogonalization way) {
    Tensor stack = gaussian(1, 4, 6, 3);
    stack.select(0, 0).zero_();
    Tensor expected = way.of(stack.select(0, 2), 1e-7);
    stack.data_ptr_double().put(18 + 4, Double.NaN);
    stack.data_ptr_double().put(3 * 18 + 4, Double.NEGATIVE_INFINITY);
    for (double epsilon : new double[] {0, 1e-7}) {
      Tensor result = way.of(stack, epsilon);
      assertThat(entries(result.select(0, 0))).containsOnly(0);
      assertThat(entries(result.select(0, 1))).containsOnly(Double.NaN);
      assertThat(error(result.select(0, 2), expected)).isLessThan(Math.max(tolerance(way), 1e-6));
      assertThat(entries(result.select(0, 3))).containsOnly(Double.NaN);
    }
    assertThat(entries(way.of(stack.select(0, 1), 0))).containsOnly(Double.NaN);
  }

  /** What ε is for: a map far below it stays small, one far above does not notice. */
  @ParameterizedTest
  @MethodSource("all")
  void epsilonIsBesideTheFrobeniusNorm(Orthogonalization way) {
    Tensor matrix = gaussian(1, 6, 5);
    Tensor plain = way.of(matrix, 0);
    Tensor small = matrix.mul(new Scalar(1e-12));
    assertThat(error(way.of(small, 0), plain)).isLessThan(tolerance(way));
    Tensor damped = way.of(small, 1e-2);
    assertThat(singularValues(damped.to(ScalarType.Double))[4]).isLessThan(1e-6);
  }

  @Test
  void refusesWhatIsNoMatrix() {
    for (Orthogonalization way : all()) {
      assertThatThrownBy(() -> way.of(gaussian(1, 5), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[5]");
      assertThatThrownBy(() -> way.of(gaussian(1, 2, 2, 2, 2), 0))
          .hasMessageContaining("[maps, fanOut, fanIn]");
    }
  }

  private static Tensor matrix(int rows, int columns, double[] values) {
    return orthonormal(rows, 5).mul(Tensor.create(values)).mm(orthonormal(columns, 6).t());
  }

  /** {@code [rows, RANK]} with orthonormal columns. */
  private static Tensor orthonormal(int rows, long seed) {
    return torch.linalg_qr(gaussian(seed, rows, RANK)).get0();
  }

  private static Tensor gaussian(long seed, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(ScalarType.Double));
    new GaussianInitializer(1).fill(tensor, Initializer.seeded(seed));
    return tensor;
  }

  private static double[] singularValues(Tensor matrix) {
    double[] values = entries(torch.linalg_svdvals(matrix));
    Arrays.sort(values);
    return values;
  }

  private static double error(Tensor actual, Tensor expected) {
    return actual.sub(expected).abs().max().item_double();
  }

  private static double[] entries(Tensor tensor) {
    double[] entries = new double[Math.toIntExact(tensor.numel())];
    tensor.to(ScalarType.Double).contiguous().data_ptr_double().get(entries);
    return entries;
  }
}
