package org.widthwise.torch.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.torch.engine.Libtorch;

final class InitializerTest {
  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<Initializer> all() {
    return Stream.of(
        new GaussianInitializer(0.3),
        new SemiOrthogonalInitializer(2),
        new SpectrallyNormalizedInitializer(
            new GaussianInitializer(1), 1.5, InitializerTest::spectralNorm),
        new ConstantInitializer(0.25));
  }

  @ParameterizedTest
  @EnumSource(
      value = ScalarType.class,
      names = {"Float", "Double"})
  void gaussianEntriesHaveTheirMomentsWithinFourStandardErrors(ScalarType type) {
    double deviation = 0.02;
    Tensor weight = zeros(type, 300, 700);
    new GaussianInitializer(deviation).fill(weight, Initializer.seeded(11));

    Tensor z = weight.to(ScalarType.Double).div(new Scalar(deviation)).flatten();
    double count = z.numel();
    assertThat(moment(z, 1)).isCloseTo(0, within(4 / Math.sqrt(count)));
    assertThat(moment(z, 2)).isCloseTo(1, within(4 * Math.sqrt(2 / count)));
    assertThat(moment(z, 3)).isCloseTo(0, within(4 * Math.sqrt(15 / count)));
    assertThat(moment(z, 4)).isCloseTo(3, within(4 * Math.sqrt(96 / count)));
  }

  @Test
  void aGaussianMatrixHasTheSpectralNormTheoryGives() {
    Tensor weight = zeros(ScalarType.Double, 600, 300);
    new GaussianInitializer(0.1).fill(weight, Initializer.seeded(3));
    // The largest singular value fluctuates by the Tracy-Widom scale, some n^(-2/3) of itself.
    assertThat(spectralNorm(weight) / (0.1 * (Math.sqrt(600) + Math.sqrt(300))))
        .isCloseTo(1, within(0.02));
  }

  @ParameterizedTest
  @CsvSource({
    "Float,40,100",
    "Float,100,40",
    "Float,64,64",
    "Float,1,50",
    "Float,50,1",
    "Float,1,1",
    "Double,40,100",
    "Double,100,40",
    "Double,64,64",
    "Double,1,50",
    "Double,50,1"
  })
  void semiOrthogonalMatricesAreSoToRounding(ScalarType type, long rows, long columns) {
    double scale = 1.7;
    Tensor weight = zeros(type, rows, columns);
    new SemiOrthogonalInitializer(scale).fill(weight, Initializer.seeded(5));

    Tensor q = weight.to(ScalarType.Double).div(new Scalar(scale));
    Tensor gram = rows >= columns ? q.t().mm(q) : q.mm(q.t());
    double error = gram.sub(torch.eye(Math.min(rows, columns))).abs().max().item_double();
    assertThat(error).isLessThan(type == ScalarType.Float ? 2e-6 : 1e-14);
    assertThat(spectralNorm(weight)).isCloseTo(scale, within(3e-6));
  }

  @Test
  void semiOrthogonalMatricesAreUniformlyDistributed() {
    // Under Haar measure on O(2) the trace 2cos(t) of a rotation, or 0 of a reflection, has mean 0
    // and mean square (2 + 0) / 2 = 1. Without the choice of signs every diagonal entry would have
    // the sign the decomposition prefers, and the mean would be far from 0.
    int draws = 2000;
    double sum = 0;
    double squares = 0;
    double reflections = 0;
    var generator = Initializer.seeded(17);
    Tensor q = zeros(ScalarType.Double, 2, 2);
    for (int i = 0; i < draws; i++) {
      try (PointerScope inner = new PointerScope()) {
        assertThat(inner).isNotNull();
        new SemiOrthogonalInitializer(1).fill(q, generator);
        double trace = q.trace().item_double();
        sum += trace;
        squares += trace * trace;
        reflections += torch.linalg_det(q).item_double() < 0 ? 1 : 0;
      }
    }
    // Var(trace) = 1; trace^4 has mean 16 * (3/8) / 2 = 3, so Var(trace^2) = 2.
    assertThat(sum / draws).isCloseTo(0, within(4 / Math.sqrt(draws)));
    assertThat(squares / draws).isCloseTo(1, within(4 * Math.sqrt(2.0 / draws)));
    assertThat(reflections / draws).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(draws)));
  }

  @Test
  void kernelsAreSemiOrthogonalFlattened() {
    Tensor kernel = zeros(ScalarType.Double, 8, 3, 3, 3);
    new SemiOrthogonalInitializer(1).fill(kernel, Initializer.seeded(5));
    Tensor q = kernel.reshape(8, 27);
    assertThat(q.mm(q.t()).sub(torch.eye(8)).abs().max().item_double()).isLessThan(1e-14);
  }

  @ParameterizedTest
  @CsvSource({"30,70", "70,30", "1,9"})
  void spectralNormalisationGivesTheNormWanted(long rows, long columns) {
    double target = 1.3 * Math.sqrt((double) rows / columns);
    Tensor weight = zeros(ScalarType.Double, rows, columns);
    new SpectrallyNormalizedInitializer(
            new GaussianInitializer(0.7), target, InitializerTest::spectralNorm)
        .fill(weight, Initializer.seeded(9));
    assertThat(spectralNorm(weight)).isCloseTo(target, within(1e-13));

    Tensor raw = zeros(ScalarType.Double, rows, columns);
    new GaussianInitializer(0.7).fill(raw, Initializer.seeded(9));
    Tensor ratio = weight.div(raw);
    assertThat(ratio.max().sub(ratio.min()).item_double()).isLessThan(1e-12);
  }

  @Test
  void constantsAreConstant() {
    Tensor bias = zeros(ScalarType.Float, 7);
    new ConstantInitializer(0.25).fill(bias, Initializer.seeded(1));
    assertThat(bias.eq(new Scalar(0.25)).all().item_bool()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("all")
  void sameSeedSameBitsAndOtherSeedOtherBits(Initializer initializer) {
    for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Double}) {
      Tensor first = zeros(type, 33, 20);
      Tensor again = zeros(type, 20, 33).t();
      Tensor other = zeros(type, 33, 20);
      initializer.fill(first, Initializer.seeded(42));
      initializer.fill(again, Initializer.seeded(42));
      initializer.fill(other, Initializer.seeded(43));
      assertThat(first.equal(again)).isTrue();
      assertThat(first.equal(other)).isEqualTo(initializer instanceof ConstantInitializer);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void leavesEmptyTensorsAloneAndRefusesOtherTypes(Initializer initializer) {
    Tensor empty = zeros(ScalarType.Float, 0, 4);
    initializer.fill(empty, Initializer.seeded(1));
    assertThat(empty.numel()).isZero();
    assertThatThrownBy(() -> initializer.fill(zeros(ScalarType.Long, 2, 2), Initializer.seeded(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("float32 and float64");
  }

  @ParameterizedTest
  @MethodSource("all")
  void fillsParametersWithoutRecordingGradients(Initializer initializer) {
    Tensor parameter = zeros(ScalarType.Float, 4, 4).set_requires_grad(true);
    initializer.fill(parameter, Initializer.seeded(1));
    assertThat(parameter.requires_grad()).isTrue();
    assertThat(parameter.is_leaf()).isTrue();
    assertThat(parameter.abs().sum().item_double()).isPositive();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> new GaussianInitializer(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> new GaussianInitializer(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new SemiOrthogonalInitializer(-2)).hasMessageContaining("-2.0");
    assertThatThrownBy(() -> new ConstantInitializer(Double.POSITIVE_INFINITY))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(
            () ->
                new SemiOrthogonalInitializer(1)
                    .fill(zeros(ScalarType.Float, 3), Initializer.seeded(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("matrix");
    assertThatThrownBy(
            () ->
                new SpectrallyNormalizedInitializer(
                        new ConstantInitializer(0), 1, InitializerTest::spectralNorm)
                    .fill(zeros(ScalarType.Float, 3, 3), Initializer.seeded(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("norm 0.0");
  }

  private static double spectralNorm(Tensor matrix) {
    return torch.linalg_svdvals(matrix).max().item_double();
  }

  private static double moment(Tensor z, int power) {
    return z.pow(new Scalar(power)).mean().item_double();
  }

  private static Tensor zeros(ScalarType type, long... shape) {
    return torch.zeros(shape, new TensorOptions(type));
  }
}
