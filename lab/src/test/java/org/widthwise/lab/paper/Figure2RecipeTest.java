package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Scale;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.MlpParameters;

/** The two schemes of appendix A, as printed there. */
final class Figure2RecipeTest {

  private static final Percentage ROUNDING = Percentage.withPercentage(1e-10);
  private static final int N0 = 3072;
  private static final double ETA = 0.1;

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 4096})
  void mup(int d) {
    Plan plan = WidthStudy.recipe(Parametrizations.MUP, N0).plan(MlpParameters.of(shape(d)));
    assertScale(plan, 0, Math.sqrt(2.0 / N0), ETA * d / N0);
    assertScale(plan, 1, Math.sqrt(2.0 / d), ETA);
    assertScale(plan, 2, Math.sqrt(2) / d, ETA / d);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 4096})
  void ntp(int d) {
    Plan plan = WidthStudy.recipe(Parametrizations.NTP, N0).plan(MlpParameters.of(shape(d)));
    assertScale(plan, 0, Math.sqrt(2.0 / N0), ETA / N0);
    assertScale(plan, 1, Math.sqrt(2.0 / d), ETA / d);
    assertScale(plan, 2, Math.sqrt(2.0 / d), ETA / d);
  }

  private static MlpShape shape(int d) {
    return MlpShape.of(Activation.RELU, N0, d, d, 1);
  }

  private static void assertScale(Plan plan, int layer, double std, double rate) {
    Scale scale = plan.get("layers.%d.weight".formatted(layer)).scale();
    assertThat(scale.initStd()).isCloseTo(std, ROUNDING);
    assertThat(scale.learningRate()).isCloseTo(rate, ROUNDING);
    assertThat(scale.multiplier()).isEqualTo(1);
  }
}
