package org.widthwise.torch.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.core.spectral.SingularTriplet;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;

/** Against LAPACK's singular values in double precision. */
class TensorNormsTest {

  private static final Percentage WITHIN_1E_6 = Percentage.withPercentage(1e-4);

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static Tensor gaussian(long rows, long columns, long seed) {
    Generator generator = torch.createCPUGenerator(seed);
    return torch.randn(
        new long[] {rows, columns},
        new GeneratorOptional(generator),
        new TensorOptions(ScalarType.Double));
  }

  private static double lapack(Tensor matrix) {
    return torch.linalg_svdvals(matrix.toType(ScalarType.Double)).max().item_double();
  }

  static List<Arguments> shapesAndTypes() {
    List<Arguments> arguments = new ArrayList<>();
    for (ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
      for (long[] shape :
          new long[][] {{1, 1}, {1, 500}, {500, 1}, {2, 3}, {64, 64}, {300, 1000}, {700, 200}}) {
        arguments.add(Arguments.of(type, shape[0], shape[1]));
      }
    }
    return arguments;
  }

  /** As the first update of Shampoo: a search in single precision cannot tell them apart. */
  @Test
  void veryManyValuesAsLargeAsTheFirstButForRounding() {
    try (PointerScope scope = new PointerScope()) {
      int size = 512;
      Tensor left = torch.linalg_qr(gaussian(size, size, 1)).get0();
      Tensor right = torch.linalg_qr(gaussian(size, size, 2)).get0();
      Tensor place = torch.arange(new Scalar(0.0), new Scalar((double) size)).div(new Scalar(300));
      Tensor values = torch.exp(place.to(ScalarType.Double).pow(new Scalar(9)).neg());
      for (long rows : new long[] {size, 400}) {
        Tensor matrix = left.mul(values).matmul(right).narrow(0, 0, rows).to(ScalarType.Float);
        for (Tensor either : List.of(matrix, matrix.t())) {
          SingularTriplet triplet = TensorNorms.largest(either);
          assertThat(triplet.value()).isCloseTo(lapack(either), WITHIN_1E_6);
          Tensor image = either.to(ScalarType.Double).mv(Tensor.create(triplet.right()));
          Tensor expected = Tensor.create(triplet.left()).mul(new Scalar(triplet.value()));
          assertThat(image.sub(expected).norm().item_double()).isLessThan(1e-5);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapesAndTypes")
  void randomLowRankAndIllConditioned(ScalarType type, long rows, long columns) {
    try (PointerScope scope = new PointerScope()) {
      Tensor random = gaussian(rows, columns, rows + 31 * columns);
      Tensor lowRank = gaussian(rows, 2, 5).matmul(gaussian(2, columns, 6));
      long rank = Math.min(rows, columns);
      Tensor decay =
          torch.pow(
              new Scalar(10.0),
              torch
                  .arange(new Scalar(0.0), new Scalar((double) rank))
                  .toType(ScalarType.Double)
                  .mul(new Scalar(-0.1)));
      Tensor illConditioned = gaussian(rows, rank, 7).mul(decay).matmul(gaussian(rank, columns, 8));
      for (Tensor matrix : List.of(random, lowRank, illConditioned)) {
        Tensor stored = matrix.toType(type);
        assertThat(TensorNorms.spectral(stored)).isCloseTo(lapack(stored), WITHIN_1E_6);
      }
    }
  }

  /** No gap at the top of a spectrum of 2000 values: the hardest case for a Krylov method. */
  @Test
  void aLargeGaussian() {
    try (PointerScope scope = new PointerScope()) {
      Tensor matrix = gaussian(2000, 3000, 1).toType(ScalarType.Float);
      Tensor inDouble = matrix.toType(ScalarType.Double);
      double expected =
          Math.sqrt(torch.linalg_eigvalsh(inDouble.matmul(inDouble.t())).max().item_double());
      assertThat(TensorNorms.spectral(matrix)).isCloseTo(expected, WITHIN_1E_6);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Float", "Double"})
  void degenerate(ScalarType type) {
    try (PointerScope scope = new PointerScope()) {
      TensorOptions options = new TensorOptions(type);
      assertThat(TensorNorms.spectral(torch.zeros(new long[] {30, 20}, options))).isZero();
      assertThat(TensorNorms.spectral(torch.eye(50, options))).isCloseTo(1, WITHIN_1E_6);
      assertThat(TensorNorms.spectral(torch.ones(new long[] {30, 20}, options)))
          .isCloseTo(Math.sqrt(600), WITHIN_1E_6);
      Tensor huge = torch.ones(new long[] {3000, 200}, options).mul(new Scalar(1e38));
      assertThat(TensorNorms.spectral(huge))
          .isCloseTo(
              huge.toType(ScalarType.Double).flatten().get(0).item_double() * Math.sqrt(600_000),
              WITHIN_1E_6);
      Tensor tiny = torch.ones(new long[] {300, 200}, options).mul(new Scalar(1e-40));
      assertThat(TensorNorms.spectral(tiny))
          .isCloseTo(
              tiny.toType(ScalarType.Double).flatten().get(0).item_double() * Math.sqrt(60_000),
              WITHIN_1E_6);
    }
  }

  @Test
  void ofATransposedViewWithGradient() {
    try (PointerScope scope = new PointerScope()) {
      Tensor matrix = gaussian(40, 30, 3).set_requires_grad(true);
      Tensor view = matrix.t();
      MatrixNorms norms = TensorNorms.of(view);
      assertThat(norms.fans().fanIn()).isEqualTo(40);
      assertThat(norms.spectral()).isCloseTo(lapack(matrix.detach()), WITHIN_1E_6);
      assertThat(norms.frobenius())
          .isCloseTo(
              Math.sqrt(matrix.detach().square().sum().item_double()),
              Percentage.withPercentage(1e-10));
    }
  }

  @Test
  void whatHasNoNormIsRefused() {
    try (PointerScope scope = new PointerScope()) {
      Tensor bad = gaussian(4, 4, 1);
      bad.get(2).fill_(new Scalar(Double.NaN));
      assertThatThrownBy(() -> TensorNorms.spectral(bad))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("a matrix with NaN entries has no spectral norm");
      assertThatThrownBy(() -> TensorNorms.spectral(bad.flatten()))
          .hasMessageContaining("the tensor has 1 dimensions");
      assertThatThrownBy(() -> TensorNorms.spectral(bad.toType(ScalarType.Long)))
          .hasMessageContaining("floating-point");
    }
  }

  /** LAPACK below a side of 64, a search above. */
  @ParameterizedTest
  @ValueSource(longs = {1, 63, 64, 65, 66})
  void aSpectralNormDoesNotDependOnTheWayToIt(long rows) {
    try (PointerScope scope = new PointerScope()) {
      Tensor matrix = gaussian(rows, 900, rows).to(ScalarType.Float);
      double exact = lapack(matrix);

      assertThat(TensorNorms.spectral(matrix)).isCloseTo(exact, WITHIN_1E_6);
      assertThat(TensorNorms.spectral(matrix.t())).isCloseTo(exact, WITHIN_1E_6);
      assertThat(TensorNorms.spectral(matrix, 1e-3)).isCloseTo(exact, withinPercentage(0.1));
      assertThatThrownBy(() -> TensorNorms.spectral(matrix, 0.5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0.5");
    }
  }

  /** Long enough to be summed chunk by chunk, with a last chunk that is not full. */
  @Test
  void frobeniusNormsOfLongTensors() {
    Percentage within = Percentage.withPercentage(1e-5);
    try (PointerScope scope = new PointerScope()) {
      Tensor stack =
          gaussian(3 * 211, 701, 5).mul(new Scalar(1e-3)).view(3, 211, 701).to(ScalarType.Float);
      Tensor exact = stack.to(ScalarType.Double).square().sum(1, 2).sqrt();

      Tensor norms = TensorNorms.frobeniusOfMaps(stack);

      assertThat(Tensors.shape(norms)).containsExactly(3, 1, 1);
      assertThat(norms.view(-1).div(exact).sub(new Scalar(1)).abs().max().item_double())
          .isLessThan(1e-7);
      Tensor matrix = stack.view(-1, 701);
      double all = exact.norm().item_double();
      assertThat(TensorNorms.frobenius(matrix)).isCloseTo(all, within);
      assertThat(TensorNorms.frobenius(matrix.t())).isCloseTo(all, within);
      for (double extreme : new double[] {1e30, 1e-30}) {
        assertThat(TensorNorms.frobenius(stack.mul(new Scalar(extreme))))
            .as("squares beyond single precision")
            .isCloseTo(extreme * all, within);
      }
      assertThat(TensorNorms.frobenius(torch.zeros(400_000))).isZero();
      assertThat(TensorNorms.frobenius(torch.full(new long[] {400_000}, new Scalar(0.1))))
          .isCloseTo(0.1 * Math.sqrt(400_000), within);
      Tensor many = gaussian(100_000, 3, 6).to(ScalarType.Float).view(100_000, 1, 3);
      Tensor each = many.to(ScalarType.Double).square().sum(1, 2).sqrt();
      assertThat(TensorNorms.frobeniusOfMaps(many).view(-1).sub(each).abs().max().item_double())
          .as("maps shorter than a chunk")
          .isLessThan(1e-6);
      matrix.select(0, 632).select(0, 700).fill_(new Scalar(Double.NaN));
      assertThat(TensorNorms.frobenius(matrix)).isNaN();
    }
  }
}
