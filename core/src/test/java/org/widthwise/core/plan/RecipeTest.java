package org.widthwise.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.core.shape.ParameterShape.bias;
import static org.widthwise.core.shape.ParameterShape.matrix;

import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

class RecipeTest {

  private static final Percentage ROUNDING = Percentage.withPercentage(1e-10);

  private static List<Parameter> mlp(long width) {
    return List.of(
        new Parameter("w1", matrix(Layer.INPUT, width, 3072)),
        new Parameter("b1", bias(Layer.INPUT, width)),
        new Parameter("w2", matrix(Layer.HIDDEN, width, width)),
        new Parameter("b2", bias(Layer.HIDDEN, width)),
        new Parameter("g", ParameterShape.of(Role.GAIN, Layer.HIDDEN, width)),
        new Parameter("w3", matrix(Layer.READOUT, 10, width)),
        new Parameter("b3", bias(Layer.READOUT, 10)));
  }

  /** The scheme (μP) of appendix A: the input rate keeps the constant 1/n₀. */
  @Test
  void appendixAFromTable3() {
    double d = 256;
    Recipe recipe =
        Recipe.of(Parametrizations.MUP, UpdateRules.SGD)
            .withLearningRate(0.1)
            .withGain(Math.sqrt(2))
            .withPrefactor(ParameterGroup.INPUT, Prefactor.ONE.withRate(1.0 / 3072));
    Scale input = recipe.scale(matrix(Layer.INPUT, 256, 3072));
    Scale hidden = recipe.scale(matrix(Layer.HIDDEN, 256, 256));
    Scale readout = recipe.scale(matrix(Layer.READOUT, 1, 256));
    assertThat(input.initStd()).isCloseTo(Math.sqrt(2.0 / 3072), ROUNDING);
    assertThat(hidden.initStd()).isCloseTo(Math.sqrt(2 / d), ROUNDING);
    assertThat(readout.initStd()).isCloseTo(Math.sqrt(2) / d, ROUNDING);
    assertThat(input.learningRate()).isCloseTo(0.1 * d / 3072, ROUNDING);
    assertThat(hidden.learningRate()).isCloseTo(0.1, ROUNDING);
    assertThat(readout.learningRate()).isCloseTo(0.1 / d, ROUNDING);
  }

  @Test
  void aPlanRelativeToItselfIsStandardParametrization() {
    Recipe standard = recipe(Parametrizations.SP, UpdateRules.ADAM);
    Plan sp = standard.plan(mlp(64));
    for (Parametrization parametrization : Parametrizations.all()) {
      Plan relative = recipe(parametrization, UpdateRules.ADAM).planRelativeTo(mlp(64), mlp(64));
      for (PlannedParameter parameter : relative.parameters()) {
        assertThat(parameter.scale())
            .usingRecursiveComparison()
            .withComparatorForType(RecipeTest::compareRounded, Double.class)
            .isEqualTo(sp.get(parameter.name()).scale());
      }
    }
  }

  private static int compareRounded(double a, double b) {
    return Math.abs(a - b) <= 1e-12 * Math.abs(b) ? 0 : Double.compare(a, b);
  }

  private static Recipe recipe(Parametrization parametrization, UpdateRule rule) {
    return Recipe.of(parametrization, rule)
        .withLearningRate(0.003)
        .withGain(1.3)
        .withWeightDecay(0.1, WeightDecayConvention.INDEPENDENT);
  }

  /**
   * Where no dimension but the hidden ones changes, μP and Parametrization 1 give the same rates.
   */
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw", "lion", "muon"})
  void relativeRatesOfMupAndSpectralCoincide(String optimizer) {
    UpdateRule rule = UpdateRules.named(optimizer);
    Plan mup = recipe(Parametrizations.MUP, rule).planRelativeTo(mlp(1024), mlp(64));
    Plan spectral = recipe(Parametrizations.SPECTRAL, rule).planRelativeTo(mlp(1024), mlp(64));
    for (PlannedParameter parameter : mup.parameters()) {
      Scale other = spectral.get(parameter.name()).scale();
      assertThat(other.learningRate()).isCloseTo(parameter.scale().learningRate(), ROUNDING);
      assertThat(other.weightDecay()).isCloseTo(parameter.scale().weightDecay(), ROUNDING);
    }
  }

  @Test
  void independentDecayKeepsTheShrinkingPerStep() {
    Plan plan = recipe(Parametrizations.SPECTRAL, UpdateRules.ADAMW).plan(mlp(512));
    for (PlannedParameter parameter : plan.parameters()) {
      Scale scale = parameter.scale();
      assertThat(scale.learningRate() * scale.weightDecay()).isCloseTo(0.003 * 0.1, ROUNDING);
    }
  }

  @Test
  void otherDecayConventions() {
    ParameterShape hidden = matrix(Layer.HIDDEN, 256, 1024);
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAMW);
    assertThat(recipe.withWeightDecay(0.1, WeightDecayConvention.FIXED).scale(hidden).weightDecay())
        .isEqualTo(0.1);
    Recipe root = recipe.withWeightDecay(0.1, WeightDecayConvention.SQRT_FAN_IN);
    assertThat(root.scale(hidden).weightDecay()).isCloseTo(0.1 * 32, ROUNDING);
    assertThat(root.scaleRelativeTo(hidden, matrix(Layer.HIDDEN, 64, 256)).weightDecay())
        .isCloseTo(0.1 * 2, ROUNDING);
  }

  @ParameterizedTest
  @EnumSource(WeightDecayConvention.class)
  void conventionsAreFoundByName(WeightDecayConvention convention) {
    assertThat(WeightDecayConvention.named(convention.id())).isSameAs(convention);
  }

  @Test
  void prefactorsActOnTheirGroupAlone() {
    Recipe plain = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM);
    Recipe changed = plain.withPrefactor(ParameterGroup.READOUT, new Prefactor(8, 2));
    for (PlannedParameter parameter : changed.plan(mlp(64)).parameters()) {
      Scale before = plain.scale(parameter.shape());
      boolean readout = parameter.name().equals("w3");
      assertThat(parameter.scale().initStd()).isEqualTo(before.initStd() * (readout ? 8 : 1));
      assertThat(parameter.scale().learningRate())
          .isEqualTo(before.learningRate() * (readout ? 2 : 1));
    }
  }

  @Test
  void gainsStartAtOneAndBiasesAtZero() {
    Plan plan = recipe(Parametrizations.SPECTRAL, UpdateRules.SGD).plan(mlp(64));
    assertThat(plan.get("g").scale().initMean()).isEqualTo(1);
    assertThat(plan.get("g").scale().initStd()).isZero();
    assertThat(plan.get("b1").scale().initMean()).isZero();
    assertThat(plan.get("b1").scale().initStd()).isZero();
    Recipe random =
        recipe(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withPrefactor(ParameterGroup.BIAS, Prefactor.ONE);
    assertThat(random.scale(bias(Layer.HIDDEN, 64)).initStd()).as("appendix D: Θ(1)").isEqualTo(1);
  }

  @Test
  void aRuleWithoutASizeIsRefused() {
    UpdateRule broken =
        new UpdateRule() {
          @Override
          public String id() {
            return "broken";
          }

          @Override
          public double rawSpectralNorm(Fans fans) {
            return 0;
          }

          @Override
          public double gradientDegree() {
            return 0;
          }

          @Override
          public int weightDegree() {
            return 0;
          }

          @Override
          public OptionalDouble epsilonReference(Fans fans) {
            return OptionalDouble.empty();
          }
        };
    assertThatThrownBy(
            () -> Recipe.of(Parametrizations.SPECTRAL, broken).scale(matrix(Layer.HIDDEN, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("learning rate factor")
        .hasMessageContaining("Infinity");
  }

  @Test
  void aBaseModelWithANameTwiceIsRefused() {
    Parameter weight = new Parameter("w", matrix(Layer.HIDDEN, 4, 4));
    assertThatThrownBy(
            () ->
                Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
                    .planRelativeTo(List.of(weight), List.of(weight, weight)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("base model are named 'w'");
  }

  @Test
  void mistakesAreNamed() {
    Recipe recipe = Recipe.of(Parametrizations.MUP, UpdateRules.SGD);
    assertThatThrownBy(() -> recipe.withLearningRate(Double.NaN))
        .hasMessage("the learning rate must be above 0 and finite, but is NaN");
    assertThatThrownBy(() -> recipe.withWeightDecay(-1, WeightDecayConvention.FIXED))
        .hasMessageContaining("weight decay");
    assertThatThrownBy(() -> recipe.planRelativeTo(mlp(64), mlp(64).subList(1, 7)))
        .hasMessageContaining("the base model has no parameter 'w1'");
    assertThatThrownBy(
            () ->
                recipe.planRelativeTo(mlp(64), List.of(new Parameter("w1", bias(Layer.INPUT, 64)))))
        .hasMessageContaining("'w1': the base model's counterpart is bias, input, of shape [64]");
    assertThatThrownBy(
            () ->
                recipe.plan(
                    List.of(
                        new Parameter("a", bias(Layer.INPUT, 1)),
                        new Parameter("a", bias(Layer.INPUT, 1)))))
        .hasMessageContaining("two parameters are named 'a'");
    assertThatThrownBy(() -> matrix(Layer.HIDDEN, 0, 4)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> ParameterShape.of(Role.MATRIX, Layer.HIDDEN, 4, 4, 4))
        .hasMessage(
            "a parameter with role matrix has shape [fan_out, fan_in], but this one has [4, 4, 4]");
    assertThatThrownBy(() -> ParameterShape.of(Role.SCALAR, Layer.HIDDEN, 2))
        .hasMessageContaining("role scalar has shape [] or [1]");
  }

  /**
   * A bias of the input's layer is one of as many features as that of a hidden one: its rate goes
   * with their number under gradient descent and is the same under Adam (appendix D), whatever the
   * base's parameters are told by.
   */
  @Test
  void whereABiasStandsBesideItsLengthMakesNoDifference() {
    for (String parametrization :
        List.of("spectral", "mup", "sp", "ntp", "abc:input=0,0,0;hidden=1/2,0,0;readout=1,0,0")) {
      for (UpdateRule rule : List.of(UpdateRules.SGD, UpdateRules.ADAM, UpdateRules.MUON)) {
        Recipe recipe = recipe(Parametrizations.named(parametrization), rule);
        for (Role role : List.of(Role.BIAS, Role.GAIN)) {
          Scale expected =
              recipe.scaleRelativeTo(
                  ParameterShape.of(role, Layer.HIDDEN, 256),
                  ParameterShape.of(role, Layer.HIDDEN, 64));
          for (Layer here : List.of(Layer.INPUT, Layer.HIDDEN)) {
            for (Layer there : List.of(Layer.INPUT, Layer.HIDDEN)) {
              assertThat(
                      recipe.scaleRelativeTo(
                          ParameterShape.of(role, here, 256), ParameterShape.of(role, there, 64)))
                  .isEqualTo(expected);
            }
          }
        }
      }
    }
    Recipe spectral = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD).withLearningRate(0.5);
    assertThat(
            spectral.scaleRelativeTo(bias(Layer.INPUT, 256), bias(Layer.HIDDEN, 64)).learningRate())
        .isEqualTo(4 * 0.5);
    Recipe adam = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM).withLearningRate(0.5);
    assertThat(adam.scaleRelativeTo(bias(Layer.HIDDEN, 256), bias(Layer.INPUT, 64)).learningRate())
        .isEqualTo(0.5);
    ParameterShape scalar = ParameterShape.of(Role.SCALAR, Layer.READOUT, 1);
    assertThat(adam.scaleRelativeTo(scalar, scalar.at(Layer.HIDDEN)))
        .isEqualTo(adam.scaleRelativeTo(scalar, scalar));
  }

  @Test
  void whatGrowsElsewhereIsNoCounterpart() {
    Recipe recipe = Recipe.of(Parametrizations.MUP, UpdateRules.ADAM);
    List<ParameterShape> others =
        List.of(
            bias(Layer.READOUT, 64),
            ParameterShape.of(Role.GAIN, Layer.HIDDEN, 64),
            ParameterShape.of(Role.BIAS, Layer.HIDDEN, 64, 1),
            matrix(Layer.HIDDEN, 64, 64));
    for (ParameterShape other : others) {
      assertThatThrownBy(() -> recipe.scaleRelativeTo(bias(Layer.HIDDEN, 256), other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "the base model's counterpart is %s, %s, of shape %s, but the parameter is bias,"
                      .formatted(other.role().id(), other.layer().id(), other.dimensions())
                  + " hidden, of [256]: a base is the same network at another width");
    }
    // Of a matrix it is the layer that tells which dimensions are width.
    assertThatThrownBy(
            () ->
                recipe.scaleRelativeTo(matrix(Layer.INPUT, 256, 64), matrix(Layer.HIDDEN, 64, 64)))
        .hasMessageContaining("matrix, hidden, of shape [64, 64]");
  }

  @Test
  void aRecipeTellsAllThatItWasGiven() {
    Recipe plain = Recipe.of(Parametrizations.MUP, UpdateRules.MUON).withLearningRate(0.02);
    assertThat(plain.groupsWithOwnRule()).isEmpty();
    assertThat(plain.learningRate(ParameterGroup.BIAS)).isEqualTo(0.02);
    assertThat(plain.epsilonConvention()).isEqualTo(EpsilonConvention.SCALED);
    Recipe recipe =
        plain
            .withUpdateRuleBesideHidden(UpdateRules.ADAM, 0.003)
            .withGain(1.5)
            .withWeightDecay(0.1, WeightDecayConvention.FIXED)
            .withEpsilon(1e-6)
            .withEpsilonConvention(EpsilonConvention.FIXED);
    assertThat(recipe.groupsWithOwnRule())
        .hasSize(ParameterGroup.values().length - 1)
        .doesNotContain(ParameterGroup.HIDDEN);
    assertThat(recipe.learningRate(ParameterGroup.BIAS)).isEqualTo(0.003);
    assertThat(recipe.learningRate(ParameterGroup.HIDDEN)).isEqualTo(0.02);
    assertThat(recipe.gain()).isEqualTo(1.5);
    assertThat(recipe.weightDecay()).isEqualTo(0.1);
    assertThat(recipe.epsilon()).isEqualTo(1e-6);
    assertThat(recipe.epsilonConvention()).isEqualTo(EpsilonConvention.FIXED);
    assertThat(EpsilonConvention.named("Fixed")).isEqualTo(EpsilonConvention.FIXED);
    assertThatThrownBy(() -> EpsilonConvention.named("free"))
        .hasMessageContaining("unknown convention of epsilon 'free': known are scaled, fixed");
    assertThat(ParameterGroup.named("Readout")).isEqualTo(ParameterGroup.READOUT);
    assertThatThrownBy(() -> ParameterGroup.named("last"))
        .hasMessageContaining("unknown group of parameters 'last': known are input, hidden,");
  }

  @Test
  void aPlanOfTheBaseGivesItsShapesAndNoScales() {
    Recipe recipe = Recipe.of(Parametrizations.MUP, UpdateRules.ADAM).withLearningRate(0.01);
    Plan base = Recipe.of(Parametrizations.NTP, UpdateRules.SGD).plan(mlp(64));
    assertThat(recipe.planRelativeTo(mlp(256), base).parameters())
        .containsExactlyElementsOf(recipe.planRelativeTo(mlp(256), mlp(64)).parameters());
    assertThat(recipe.planRelativeTo(mlp(64), base).parameters())
        .allSatisfy(p -> assertThat(p.scale().learningRate()).isEqualTo(0.01));
    PlannedParameter first = base.get("w2");
    assertThat(first.parameter()).isEqualTo(mlp(64).get(2));
    Scale other = base.get("w1").scale();
    assertThat(first.withScale(other).scale()).isEqualTo(other);
    assertThat(first.withScale(other).parameter()).isEqualTo(first.parameter());
  }
}
