package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

/** What is drawn by plan, against LAPACK's singular values and norms written out by hand. */
final class InitSchemeTest {

  private static final double GAIN = Math.sqrt(2);
  private static final double PREFACTOR = 0.7;
  private static final String MUP_EXPONENTS = "input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0";

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static List<Arguments> shapes() {
    List<Arguments> arguments = new ArrayList<>();
    for (ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
      for (long[] shape :
          new long[][] {{32, 32}, {200, 200}, {256, 64}, {64, 256}, {1024, 32}, {32, 1024}}) {
        arguments.add(Arguments.of(type, shape[0], shape[1]));
      }
    }
    return arguments;
  }

  static List<Arguments> shapesOfEveryParametrization() {
    List<Parametrization> parametrizations = new ArrayList<>(Parametrizations.all());
    parametrizations.add(Parametrizations.named("abc:" + MUP_EXPONENTS));
    List<Arguments> arguments = new ArrayList<>();
    for (Parametrization parametrization : parametrizations) {
      for (Layer layer : Layer.values()) {
        for (long[] shape : new long[][] {{96, 96}, {200, 50}, {50, 200}, {1, 120}, {120, 1}}) {
          arguments.add(Arguments.of(parametrization.id(), layer, shape[0], shape[1]));
        }
      }
    }
    return arguments;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gaussianWeightsOfParametrization1HaveTheTargetNormWithinTwo(
      ScalarType type, long fanOut, long fanIn) {
    PlannedParameter weight =
        planned(
            Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD),
            ParameterShape.matrix(Layer.HIDDEN, fanOut, fanIn));
    double norm = singularValues(InitScheme.GAUSSIAN, weight, type).max().item_double();
    assertThat(norm / Math.sqrt((double) fanOut / fanIn)).isBetween(1.0, 2.2);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void exactSchemesHaveTheTargetNormTimesThePrefactor(ScalarType type, long fanOut, long fanIn) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withGain(GAIN)
            .withPrefactor(ParameterGroup.HIDDEN, new Prefactor(PREFACTOR, 5));
    PlannedParameter weight = planned(recipe, ParameterShape.matrix(Layer.HIDDEN, fanOut, fanIn));
    double wanted = Math.sqrt((double) fanOut / fanIn) * GAIN * PREFACTOR;

    Tensor orthogonal = singularValues(InitScheme.SEMI_ORTHOGONAL, weight, type);
    assertThat(orthogonal.max().item_double()).isCloseTo(wanted, relative(wanted));
    assertThat(orthogonal.min().item_double()).isCloseTo(wanted, relative(wanted));
    Tensor normalised = singularValues(InitScheme.SPECTRALLY_NORMALIZED, weight, type);
    assertThat(normalised.max().item_double()).isCloseTo(wanted, relative(wanted));
    // A scheme that was taken for the other would have no spread.
    assertThat(normalised.min().item_double()).isLessThan(0.8 * wanted);
  }

  @ParameterizedTest
  @MethodSource("shapesOfEveryParametrization")
  void everyParametrizationDepartsFromTheTargetAsItsFormulaSays(
      String id, Layer layer, long fanOut, long fanIn) {
    PlannedParameter weight =
        planned(
            Recipe.of(Parametrizations.named(id), UpdateRules.SGD),
            ParameterShape.matrix(layer, fanOut, fanIn));
    double target = Math.sqrt((double) fanOut / fanIn);
    // σ = 1/√fan-in exceeds Parametrization 1 where the layer narrows (section 5.2).
    double wide = Math.max(1, target);
    double wanted =
        switch (id) {
          case "spectral" -> target;
          case "sp", "ntp" -> wide;
          // And μP with multipliers: what it says of the folded weight is the same.
          case "mup", "abc:" + MUP_EXPONENTS ->
              layer == Layer.READOUT ? wide / Math.sqrt((double) fanIn) : wide;
          default -> throw new IllegalArgumentException("no formula for " + id);
        };
    for (InitScheme scheme :
        List.of(InitScheme.SEMI_ORTHOGONAL, InitScheme.SPECTRALLY_NORMALIZED)) {
      double norm =
          singularValues(scheme, weight, ScalarType.Double).max().item_double()
              * weight.scale().multiplier();
      assertThat(norm).as("%s", scheme).isCloseTo(wanted, relative(wanted));
    }
    double std = draw(InitScheme.GAUSSIAN, weight, ScalarType.Double).std().item_double();
    double gaussian = wanted / (Math.max(1, target) * Math.sqrt((double) fanIn));
    double gaussianStd = std * weight.scale().multiplier() / gaussian;
    // Five standard errors of a standard deviation.
    assertThat(gaussianStd).isCloseTo(1, within(5 / Math.sqrt(2.0 * fanIn * fanOut)));
  }

  @ParameterizedTest
  @EnumSource(InitScheme.class)
  void gainsAreOneAndBiasesZero(InitScheme scheme) {
    for (Parametrization parametrization : Parametrizations.all()) {
      Recipe recipe = Recipe.of(parametrization, UpdateRules.ADAM).withGain(GAIN);
      Tensor gain = draw(scheme, planned(recipe, gain(Role.GAIN)), ScalarType.Float);
      Tensor bias = draw(scheme, planned(recipe, gain(Role.BIAS)), ScalarType.Float);
      assertThat(gain.eq(new Scalar(1.0)).all().item_bool()).isTrue();
      assertThat(bias.eq(new Scalar(0.0)).all().item_bool()).isTrue();
    }
  }

  @Test
  void randomGainsStillHaveMeanOne() {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
            .withPrefactor(ParameterGroup.GAIN, Prefactor.ONE.withInit(0.1));
    Tensor gain =
        draw(InitScheme.SEMI_ORTHOGONAL, planned(recipe, gain(Role.GAIN)), ScalarType.Double);
    double standardError = 0.1 / Math.sqrt((double) gain.numel());
    assertThat(gain.mean().item_double()).isCloseTo(1, within(5 * standardError));
    assertThat(gain.std().item_double()).isCloseTo(0.1, within(5 * standardError));
  }

  @Test
  void embeddingsAreGaussianUnderEveryScheme() {
    PlannedParameter table =
        planned(
            Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM),
            ParameterShape.embedding(500, 40));
    for (InitScheme scheme : InitScheme.values()) {
      // Rows of root mean square 1, their target: ‖row‖₂ = √width (appendix E).
      Tensor drawn = draw(scheme, table, ScalarType.Double);
      double rms = Math.sqrt(drawn.square().mean().item_double());
      assertThat(rms).isCloseTo(1, within(5 / Math.sqrt(2.0 * 500 * 40)));
    }
  }

  private static ParameterShape gain(Role role) {
    return ParameterShape.of(role, Layer.HIDDEN, 4000);
  }

  private static Offset<Double> relative(double wanted) {
    return within(1e-5 * wanted);
  }

  private static PlannedParameter planned(Recipe recipe, ParameterShape shape) {
    return recipe.plan(List.of(new Parameter("p", shape))).get("p");
  }

  private static Tensor singularValues(
      InitScheme scheme, PlannedParameter parameter, ScalarType type) {
    return torch.linalg_svdvals(draw(scheme, parameter, type).toType(ScalarType.Double));
  }

  private static Tensor draw(InitScheme scheme, PlannedParameter parameter, ScalarType type) {
    long[] dimensions =
        parameter.shape().dimensions().stream().mapToLong(Long::longValue).toArray();
    Tensor tensor = torch.zeros(dimensions, new TensorOptions(type));
    scheme.initializer(parameter).fill(tensor, Initializer.seeded(17));
    return tensor;
  }

  /** Each map of a stack has its own singular values; drawn as one they would share them. */
  @Test
  void stackedAndTransposedMapsAreDrawnOneByOne() {
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD);
    for (ParameterShape shape :
        List.of(
            ParameterShape.matrix(Layer.HIDDEN, 3 * 16, 24).stacked(3),
            ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 2 * 16, 8, 3).stacked(2),
            ParameterShape.of(Role.TRANSPOSED_CONVOLUTION, Layer.HIDDEN, 2 * 8, 16, 3)
                .stacked(2))) {
      PlannedParameter parameter = planned(recipe, shape);
      Tensor drawn = draw(InitScheme.SEMI_ORTHOGONAL, parameter, ScalarType.Double);
      Tensor maps = MatrixView.of(shape).of(drawn);
      double target = parameter.scale().targetSpectralNorm();
      for (int map = 0; map < shape.maps(); map++) {
        double wanted =
            target * parameter.scale().initStd() / Parametrizations.SPECTRAL.initStd(shape);
        Tensor values = torch.linalg_svdvals(maps.get(map));
        assertThat(values.max().item_double()).isCloseTo(wanted, within(1e-9));
        assertThat(values.min().item_double()).isCloseTo(wanted, within(1e-9));
      }
      assertThat(maps.get(0).equal(maps.get(1))).isFalse();
    }
  }

  /** 1,000,000 draws: the deviation's own standard error is 0.0006 of it. */
  @Test
  void aTruncatedGaussianHasTheDeviationAskedForAndNoTails() {
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD);
    PlannedParameter weight = planned(recipe, ParameterShape.matrix(Layer.HIDDEN, 1000, 1000));
    Tensor drawn = draw(InitScheme.TRUNCATED_GAUSSIAN, weight, ScalarType.Double);
    double std = weight.scale().initStd();
    assertThat(drawn.std().item_double()).isCloseTo(std, within(0.003 * std));
    assertThat(drawn.mean().item_double()).isCloseTo(0, within(0.005 * std));
    // Two standard deviations of the Gaussian that was cut: 2 / 0.8796.
    assertThat(drawn.abs().max().item_double()).isBetween(2.25 * std, 2.2738 * std);
  }

  @Test
  void rescalingKeepsThePatternAndChangesTheSize() {
    MlpShape shape = MlpShape.of(Activation.RELU, 20, 32, 32, 3).withBias(true);
    Mlp mlp = new Mlp(shape);
    Tensor before = mlp.weight(1).detach().clone();
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withPrefactor(ParameterGroup.READOUT, Prefactor.ONE.withInit(0))
            .plan(MlpParameters.of(shape));
    PlannedModule.rescale(mlp, plan);
    double size = Math.sqrt(mlp.weight(1).pow(new Scalar(2)).mean().item_double());
    double std = plan.get("layers.1.weight").scale().initStd();
    assertThat(size).isCloseTo(std, within(1e-6 * std));
    Tensor ratio = mlp.weight(1).div(before);
    assertThat(ratio.max().item_double())
        .isCloseTo(ratio.min().item_double(), within(1e-5 * ratio.max().item_double()));
    assertThat(mlp.weight(2).abs().max().item_double()).isZero();
    assertThat(mlp.bias(0).abs().max().item_double()).isZero();
    Plan full = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD).plan(MlpParameters.of(shape));
    assertThatThrownBy(() -> PlannedModule.rescale(mlp, full))
        .hasMessageContaining("'layers.2.weight'")
        .hasMessageContaining("first values");
  }
}
