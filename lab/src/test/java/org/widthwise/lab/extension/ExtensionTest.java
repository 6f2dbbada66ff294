package org.widthwise.lab.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.MlpParameters;

/** A class with an annotation is all that a new update rule or parametrization takes. */
final class ExtensionTest {

  private static final Percentage ROUNDING = Percentage.withPercentage(1e-10);
  private static final ParameterShape WEIGHT = ParameterShape.matrix(Layer.HIDDEN, 27, 8);

  @Test
  void areFoundByNameBesideTheProjectsOwn() {
    assertThat(UpdateRules.named("root")).isInstanceOf(RootRule.class);
    assertThat(Parametrizations.named("Cube-Root")).isInstanceOf(CubeRootParametrization.class);
    assertThat(UpdateRules.all()).contains(UpdateRules.SGD, UpdateRules.named("root"));
    assertThat(Parametrizations.all()).extracting(Parametrization::id).contains("spectral", "mup");
    assertThatThrownBy(() -> UpdateRules.named("rot")).hasMessageContaining("root");
    assertThatThrownBy(() -> Parametrizations.named("cube")).hasMessageContaining("cube-root");
  }

  /** Target over raw size: √(27/8) / √27. */
  @Test
  void aNewRuleHasItsRateFromEveryParametrization() {
    UpdateRule rule = UpdateRules.named("root");
    Scale spectral = Recipe.of(Parametrizations.SPECTRAL, rule).scale(WEIGHT);
    assertThat(spectral.learningRate()).isCloseTo(1 / Math.sqrt(8), ROUNDING);
    assertThat(spectral.epsilon()).isEmpty();
    assertThat(Recipe.of(Parametrizations.SP, rule).scale(WEIGHT).learningRate()).isEqualTo(1);
  }

  @Test
  void aNewParametrizationMeetsEveryRuleAndPlansANetwork() {
    Parametrization parametrization = Parametrizations.named("cube-root");
    for (UpdateRule rule : UpdateRules.all()) {
      Scale scale = Recipe.of(parametrization, rule).scale(WEIGHT);
      assertThat(scale.initStd()).isCloseTo(0.5, ROUNDING);
      assertThat(scale.learningRate())
          .as(rule.id())
          .isCloseTo(3 / rule.rawSpectralNorm(WEIGHT.fans()), ROUNDING);
    }
    MlpShape shape = MlpShape.of(Activation.RELU, 64, 27, 8, 1);
    Scale second =
        Recipe.of(parametrization, UpdateRules.named("root"))
            .plan(MlpParameters.of(shape))
            .get("layers.1.weight")
            .scale();
    assertThat(second.initStd()).isCloseTo(1.0 / 3, ROUNDING);
    assertThat(second.learningRate()).isCloseTo(2 / Math.sqrt(8), ROUNDING);
  }
}
