package org.widthwise.torch.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;

final class DirectionTest {
  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static List<Direction> all() {
    return Stream.concat(
            Directions.all().stream(),
            Stream.of(
                new Momentum(0.9, false),
                new Momentum(0.9, true),
                Chain.of(new Momentum(0.9, false), SpectralDescent.withDefaults())))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void zeroGradientsGiveZeros(Direction direction) {
    for (Direction rule : List.of(direction, direction.withEpsilon(0))) {
      for (ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
        for (long[] shape : new long[][] {{6, 4}, {6}, {1, 1}, {3, 4, 2}}) {
          Tensor weight = Samples.gaussian(type, 1, shape);
          ParameterUpdate update = new ParameterUpdate(rule, 0.5, weight);
          for (int step = 0; step < 3; step++) {
            assertThat(update.next(torch.zeros_like(weight), weight).abs().max().item_double())
                .isZero();
          }
          // And so do entries among others that are not zero, where sizes are those of entries.
          assertThat(Samples.entries(update.next(weight, weight))).doesNotContain(Double.NaN);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void leavesGradientAndWeightAloneAndKeepsTheirType(Direction direction) {
    for (ScalarType type : List.of(ScalarType.Float, ScalarType.Double)) {
      Tensor weight = Samples.gaussian(type, 1, 6, 4);
      Tensor gradient = Samples.gaussian(type, 2, 6, 4);
      ParameterUpdate update = new ParameterUpdate(direction, 0.5, weight);
      Tensor first = update.next(gradient, weight);
      Tensor copy = first.clone();
      update.next(gradient, weight);
      assertThat(weight.equal(Samples.gaussian(type, 1, 6, 4))).isTrue();
      assertThat(gradient.equal(Samples.gaussian(type, 2, 6, 4))).isTrue();
      assertThat(first.equal(copy)).isTrue();
      assertThat(Tensors.type(first)).isEqualTo(type);
      assertThat(Tensors.shape(first)).containsExactly(6, 4);
      update
          .state()
          .tensors()
          .values()
          .forEach(t -> assertThat(Tensors.type(t)).isIn(type, ScalarType.Double));
    }
  }

  /** Those that orthogonalise, and no others, are the same to the rounding of bfloat16. */
  @ParameterizedTest
  @MethodSource("all")
  void inBfloat16OrthogonalisationAloneIsRounded(Direction direction) {
    Direction faster = direction.inBfloat16();
    String rule = direction.rule().id();
    boolean orthogonalises = rule.startsWith("muon") || rule.equals("scion-spectral");
    assertThat(faster.rule()).isEqualTo(direction.rule());
    if (orthogonalises) {
      Tensor weight = Samples.gaussian(ScalarType.Float, 1, 6, 40);
      Tensor gradient = Samples.gaussian(ScalarType.Float, 2, 6, 40);
      Tensor precise = first(direction, gradient, weight);
      assertThat(Samples.error(first(faster, gradient, weight), precise)).isBetween(1e-4, 0.05);
    } else {
      assertThat(faster).isEqualTo(direction);
    }
  }

  /** Core's degrees of homogeneity, by powers of two so that nothing is rounded. */
  @ParameterizedTest
  @MethodSource("all")
  void growsWithGradientAndWeightAsItsRuleSays(Direction direction) {
    Direction rule = direction.withEpsilon(0);
    Tensor weight = Samples.gaussian(ScalarType.Double, 1, 6, 4);
    Tensor gradient = Samples.gaussian(ScalarType.Double, 2, 6, 4);
    Tensor plain = first(rule, gradient, weight);
    Tensor larger = first(rule, gradient.mul(new Scalar(8.0)), weight.mul(new Scalar(4.0)));
    double factor =
        Math.pow(8, rule.rule().gradientDegree()) * Math.pow(4, rule.rule().weightDegree());
    assertThat(Samples.error(larger, plain.mul(new Scalar(factor)))).isLessThan(1e-9);
  }

  @ParameterizedTest
  @EnumSource(
      value = ScalarType.class,
      names = {"Float", "Double"})
  void spectralDescentIsTheGradientOverItsSpectralNorm(ScalarType type) {
    double tolerance = type == ScalarType.Double ? 1e-9 : 2e-6;
    for (long[] shape : new long[][] {{40, 25}, {25, 40}, {1, 9}, {9, 1}}) {
      Tensor gradient = Samples.gaussian(type, 4, shape);
      double norm = Samples.spectralNorm(gradient);
      assertThat(
              Samples.error(
                  first(SpectralDescent.withDefaults(), gradient, gradient),
                  gradient.div(new Scalar(norm))))
          .isLessThan(tolerance);
      assertThat(
              Samples.error(
                  first(new SpectralDescent(3), gradient, gradient),
                  gradient.div(new Scalar(norm + 3))))
          .isLessThan(tolerance);
    }
    Tensor vector = Samples.gaussian(type, 4, 9);
    assertThat(
            Samples.error(
                first(SpectralDescent.withDefaults(), vector, vector),
                vector.div(new Scalar(Samples.length(Samples.entries(vector))))))
        .isLessThan(tolerance);
    Tensor kernel = Samples.gaussian(type, 4, 6, 3, 2, 2);
    assertThatThrownBy(() -> first(SpectralDescent.withDefaults(), kernel, kernel))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[6, 3, 2, 2]")
        .hasMessageContaining("flatten a kernel");
  }

  @Test
  void signAndFrobeniusRulesAreTheirFormulae() {
    Tensor weight = Samples.gaussian(ScalarType.Double, 1, 6, 4);
    Tensor gradient = Samples.gaussian(ScalarType.Double, 2, 6, 4);
    gradient.data_ptr_double().put(5, 0.0);
    double[] g = Samples.entries(gradient);
    double length = Samples.length(g);
    double weightLength = Samples.length(Samples.entries(weight));
    double[] sign = Samples.entries(first(new Sign(), gradient, weight));
    double[] frobenius = Samples.entries(first(new FrobeniusDescent(0.5), gradient, weight));
    double[] relative = Samples.entries(first(new FrobeniusRelative(0.5), gradient, weight));
    for (int i = 0; i < g.length; i++) {
      assertThat(sign[i]).isEqualTo(Math.signum(g[i]));
      assertThat(frobenius[i]).isCloseTo(g[i] / (length + 0.5), within(1e-15));
      assertThat(relative[i]).isCloseTo(weightLength * g[i] / (length + 0.5), within(1e-14));
    }
  }

  @Test
  void normsOfGradientsThatAreNotFiniteGiveNoNumbers() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Tensor gradient = Samples.gaussian(ScalarType.Float, 2, 6, 4);
      gradient.data_ptr_float().put(5, (float) bad);
      for (Direction rule :
          List.of(
              SpectralDescent.withDefaults(),
              FrobeniusDescent.withDefaults(),
              FrobeniusRelative.withDefaults())) {
        assertThat(Samples.entries(first(rule, gradient, gradient))).containsOnly(Double.NaN);
      }
    }
  }

  /** Gradients far below what squares in single precision can hold. */
  @Test
  void tinyGradientsAreNormalizedToo() {
    Tensor gradient = Samples.gaussian(ScalarType.Float, 2, 6, 4).mul_(new Scalar(1e-25));
    for (Direction rule :
        List.of(SpectralDescent.withDefaults(), FrobeniusDescent.withDefaults())) {
      Tensor expected = first(rule, Samples.gaussian(ScalarType.Float, 2, 6, 4), gradient);
      assertThat(Samples.error(first(rule, gradient, gradient), expected)).isLessThan(1e-5);
    }
  }

  @Test
  void aChainHandsOnAndItsLastRuleThatNormalizesDecides() {
    Tensor weight = Samples.gaussian(ScalarType.Double, 1, 6, 4);
    ParameterUpdate chain =
        new ParameterUpdate(Chain.of(new Momentum(0.9, false), new Sign()), 0.5, weight);
    Tensor one = Samples.gaussian(ScalarType.Double, 2, 6, 4);
    Tensor two = Samples.gaussian(ScalarType.Double, 3, 6, 4);
    chain.next(one, weight);
    Tensor expected = one.mul(new Scalar(0.9)).add(two).sign().mul(new Scalar(-0.5));
    assertThat(chain.next(two, weight).equal(expected)).isTrue();
    assertThat(chain.state().tensors()).containsOnlyKeys("0.velocity");

    Momentum momentum = new Momentum(0.9, false);
    assertThat(Chain.of(momentum, momentum).rule()).isEqualTo(UpdateRules.SGD);
    assertThat(Chain.of(momentum, new Sign()).rule()).isEqualTo(UpdateRules.SIGN);
    assertThat(Chain.of(new Sign(), momentum).rule()).isEqualTo(UpdateRules.SIGN);
    assertThat(Chain.of(new Sign(), SpectralDescent.withDefaults()).rule())
        .isEqualTo(UpdateRules.SPECTRAL_DESCENT);
    assertThat(Chain.of(momentum, Adam.withDefaults()).withEpsilon(0.25).links())
        .containsExactly(momentum, new Adam(0.9, 0.999, 0.25));
    assertThatThrownBy(Chain::of).hasMessageContaining("at least one");
  }

  @ParameterizedTest
  @MethodSource("all")
  void goesOnFromASavedStateAsIfNothingHadHappened(Direction direction) {
    Tensor weight = Samples.gaussian(ScalarType.Float, 1, 6, 4);
    ParameterUpdate first = new ParameterUpdate(direction, 0.5, weight);
    for (int step = 0; step < 5; step++) {
      first.next(Samples.gaussian(ScalarType.Float, step, 6, 4), weight);
    }
    Map<String, Tensor> saved = new HashMap<>();
    first.state().tensors().forEach((name, tensor) -> saved.put(name, tensor.clone()));
    ParameterUpdate second =
        new ParameterUpdate(
            direction, 0.5, weight, new ParameterState(first.state().updates(), saved));
    for (int step = 5; step < 10; step++) {
      Tensor gradient = Samples.gaussian(ScalarType.Float, step, 6, 4);
      assertThat(second.next(gradient, weight).equal(first.next(gradient, weight))).isTrue();
    }
    assertThat(second.state().updates()).isEqualTo(10);
  }

  @Test
  void areFoundByTheNamesOfTheirRules() {
    for (Direction direction : Directions.all()) {
      assertThat(UpdateRules.named(direction.rule().id())).isEqualTo(direction.rule());
      assertThat(Directions.named(direction.rule().id())).isEqualTo(direction);
    }
    assertThatThrownBy(() -> Directions.named("sdg"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'sdg'")
        .hasMessageContaining("sgd, adam");
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThatThrownBy(() -> new Adam(1, 0.9, 0)).hasMessageContaining("β₁ of Adam");
    assertThatThrownBy(() -> new Adam(0.9, -0.1, 0)).hasMessageContaining("β₂ of Adam");
    assertThatThrownBy(() -> Adam.withDefaults().withEpsilon(Double.NaN))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new RmsProp(1, 0)).hasMessageContaining("RMSProp");
    assertThatThrownBy(() -> new Momentum(1, false)).hasMessageContaining("momentum");
    assertThatThrownBy(() -> new SpectralDescent(-1)).hasMessageContaining("spectral descent");
    assertThatThrownBy(() -> new ParameterState(-1, Map.of())).hasMessageContaining("-1");

    Tensor weight = Samples.gaussian(ScalarType.Float, 1, 6, 4);
    Direction adam = Adam.withDefaults();
    assertThatThrownBy(() -> new ParameterUpdate(adam, Double.NaN, weight))
        .hasMessageContaining("adam")
        .hasMessageContaining("NaN");
    ParameterState other = ParameterState.initial(RmsProp.withDefaults(), weight);
    assertThatThrownBy(() -> new ParameterUpdate(adam, 1, weight, other))
        .hasMessageContaining("[square]");
    ParameterState wide =
        ParameterState.initial(
            adam, torch.zeros(new long[] {4, 6}, new TensorOptions(ScalarType.Float)));
    assertThatThrownBy(() -> new ParameterUpdate(adam, 1, weight, wide))
        .hasMessageContaining("[4, 6]");
    assertThatThrownBy(() -> other.tensor("mean")).hasMessageContaining("[square]");
    ParameterUpdate update = new ParameterUpdate(adam, 1, weight);
    assertThatThrownBy(() -> update.next(weight.t(), weight)).hasMessageContaining("[4, 6]");
    assertThatThrownBy(() -> update.next(weight.to(ScalarType.Double), weight))
        .hasMessageContaining("Double");
    assertThat(update.state().updates()).isZero();
  }

  private static Tensor first(Direction direction, Tensor gradient, Tensor weight) {
    return new ParameterUpdate(direction, -1, weight).next(gradient, weight);
  }
}
