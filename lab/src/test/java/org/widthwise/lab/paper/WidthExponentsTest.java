package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.MlpParameters;

/** The exponents against what sections 4 and 5 say of the schemes, worked out on paper. */
final class WidthExponentsTest {

  private static WidthExponents scheme(String id) {
    return ConditionScheme.ALL.stream()
        .filter(scheme -> scheme.id().equals(id))
        .findFirst()
        .orElseThrow()
        .exponents();
  }

  private static void assertLayers(
      WidthExponents exponents,
      ToDoubleBiFunction<WidthExponents, Integer> quantity,
      double... expected) {
    for (int layer = 1; layer <= expected.length; layer++) {
      assertThat(quantity.applyAsDouble(exponents, layer))
          .as("layer %d", layer)
          .isEqualTo(expected[layer - 1]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "spectral, 0, 0, 0, 0, 0, 0, 0, 0, 0, false",
    // σ₃ is √n too large, and so is every gradient below; η₁ is n too small, η₃ n too large.
    "sp, 0, 0, 0.5, -0.5, 0.5, 1, -0.5, 0.5, 1, true",
    // "√n_{L−1}/n_{ℓ−1} (smaller)" (section 5.3); the output still moves.
    "ntp, 0, 0, 0.5, -0.5, -0.5, 0, -0.5, -0.5, 0, false",
    "normalised, 0, 0, 0, 0, 0, 0, 0, 0, 0, false",
    "frobenius, 0, 0, 0, 0, 0, 0, 0, 0, 0, false",
    // Too large by √min(n_ℓ, n_ℓ₋₁), which grows at the hidden layer alone.
    "published, 0, 0, 0, 0, 0.5, 0, 0, 0.5, 0.5, true",
    "corrected, 0, 0, 0, 0, 0, 0, 0, 0, 0, false"
  })
  void schemes(
      String id,
      double w1,
      double w2,
      double w3,
      double u1,
      double u2,
      double u3,
      double d1,
      double d2,
      double d3,
      boolean blowsUp) {
    WidthExponents exponents = scheme(id);
    assertLayers(exponents, WidthExponents::weight, w1, w2, w3);
    assertLayers(exponents, WidthExponents::update, u1, u2, u3);
    assertLayers(exponents, WidthExponents::featureChange, d1, d2, d3);
    assertLayers(exponents, WidthExponents::feature, 0, 0);
    assertThat(exponents.blowsUp()).isEqualTo(blowsUp);
  }

  @Test
  void targetOverRawSatisfiesTheConditionUnderEveryRule() {
    for (UpdateRule rule : UpdateRules.all()) {
      WidthExponents exponents = WidthExponents.of(Recipe.of(Parametrizations.SPECTRAL, rule));
      assertLayers(exponents, WidthExponents::update, 0, 0, 0);
    }
  }

  @Test
  void shiftsMoveWhatDependsOnThem() {
    WidthExponents spectral = WidthExponents.of(ShiftStudy.spectral());
    assertLayers(spectral.withRateShifted(2, 0.25), WidthExponents::update, 0, 0.25, 0);
    assertLayers(spectral.withRateShifted(1, -0.5), WidthExponents::featureChange, -0.5, 0, 0);
    // Larger features make the gradients of the layers that read them larger, not their own.
    assertLayers(spectral.withInitShifted(1, 0.5), WidthExponents::update, 0, 0.5, 0.5);
    assertLayers(spectral.withInitShifted(2, 0.5), WidthExponents::update, 0.5, 0, 0.5);
    // A larger readout makes the gradients below it larger.
    assertLayers(spectral.withInitShifted(3, -0.5), WidthExponents::update, -0.5, -0.5, 0);
    // The update of layer 2 is larger, and so is the readout through which it acts.
    assertThat(spectral.withInitShifted(3, 0.5).effectOnOutput(2)).isEqualTo(1);
    assertThat(spectral.withInitShifted(3, 0.5).effectOnOutput(3)).isZero();
    assertThat(spectral.withRateShifted(3, 0.5).effectOnOutput(3)).isEqualTo(0.5);
  }

  @Test
  void aShiftedRecipeHasTheShiftedExponents() {
    Recipe recipe = ShiftStudy.spectral();
    for (Shift shift : Shift.all()) {
      double half = scale(shift.applyTo(recipe, 512), shift) / scale(recipe, shift);
      double whole = scale(shift.applyTo(recipe, 1024), shift) / scale(recipe, shift);
      assertThat(Math.log(whole / half) / Math.log(2)).isCloseTo(shift.exponent(), within(1e-12));
    }
  }

  /** σ or η of the shifted layer at one and the same shape. */
  private static double scale(Recipe recipe, Shift shift) {
    Scale scale =
        recipe
            .plan(MlpParameters.of(MlpShape.of(Activation.RELU, 12, 64, 64, 1)))
            .get("layers.%d.weight".formatted(shift.layer() - 1))
            .scale();
    return shift.kind() == Shift.Kind.INIT ? scale.initStd() : scale.learningRate();
  }

  @Test
  void everyLayerHasBothExponents() {
    assertThatThrownBy(() -> new WidthExponents(List.of(0.0, 0.0), List.of(0.0), UpdateRules.SGD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 1");
  }
}
