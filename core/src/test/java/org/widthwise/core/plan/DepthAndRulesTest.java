package org.widthwise.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Abc;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.LayerInference;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.ShampooRule;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/** Depth, several rules in one plan, stacked maps, tied tables: what other than the MLP needs. */
final class DepthAndRulesTest {

  private static final Offset<Double> EXACT = within(1e-12);

  private static ParameterShape hidden(long fanOut, long fanIn) {
    return ParameterShape.matrix(Layer.HIDDEN, fanOut, fanIn);
  }

  /** The table of arXiv:2505.01618: η·m⁻¹·L^(α−1), ε·m⁻¹·L^−α, λ·m, branches times L^−α. */
  @Test
  void completePScalesRelativeToABaseAsPublished() {
    for (double alpha : new double[] {0.5, 1}) {
      Recipe recipe =
          Recipe.of(Parametrizations.MUP, UpdateRules.ADAMW)
              .withLearningRate(0.01)
              .withWeightDecay(0.1, WeightDecayConvention.INDEPENDENT)
              .withEpsilon(1e-6)
              .withDepthScaling(new DepthScaling(alpha));
      List<Parameter> base =
          List.of(
              new Parameter("blocks.0.up", hidden(256, 64), 4),
              new Parameter("blocks.0.bias", ParameterShape.bias(Layer.HIDDEN, 256), 4),
              new Parameter("blocks.1.up", hidden(256, 64), 4),
              new Parameter("head", ParameterShape.matrix(Layer.READOUT, 10, 64)));
      List<Parameter> wide =
          List.of(
              new Parameter("blocks.0.up", hidden(1024, 256), 32),
              new Parameter("blocks.15.up", hidden(1024, 256), 32),
              new Parameter("blocks.0.bias", ParameterShape.bias(Layer.HIDDEN, 1024), 32),
              new Parameter("head", ParameterShape.matrix(Layer.READOUT, 10, 256)));
      Plan plan = recipe.planRelativeTo(wide, base);
      double m = 4;
      double depth = 8;
      Scale scale = plan.get("blocks.15.up").scale();
      assertThat(plan.get("blocks.0.up").scale()).isEqualTo(scale);
      assertThat(scale.learningRate())
          .isCloseTo(0.01 / m * Math.pow(depth, alpha - 1), within(1e-15));
      assertThat(scale.epsilon().orElseThrow())
          .isCloseTo(1e-6 / m * Math.pow(depth, -alpha), within(1e-20));
      assertThat(scale.branchMultiplier()).isCloseTo(Math.pow(depth, -alpha), EXACT);
      assertThat(plan.branchMultiplier()).isEqualTo(scale.branchMultiplier());
      // Rate times decay stays what it is in the base.
      assertThat(scale.learningRate() * scale.weightDecay()).isCloseTo(0.01 * 0.1, within(1e-15));
      assertThat(plan.get("blocks.0.bias").scale().learningRate())
          .isCloseTo(0.01 * Math.pow(depth, alpha - 1), within(1e-15));
      assertThat(plan.get("head").scale().learningRate()).isCloseTo(0.01 / m, within(1e-15));
      assertThat(plan.get("head").scale().branchMultiplier()).isEqualTo(1);
      Plan same = recipe.planRelativeTo(base, base);
      assertThat(same.get("blocks.1.up").scale().learningRate()).isCloseTo(0.01, EXACT);
      assertThat(same.branchMultiplier()).isEqualTo(1);
      List<Parameter> single =
          List.of(
              new Parameter("blocks.0.up", hidden(256, 64), 1),
              new Parameter("head", ParameterShape.matrix(Layer.READOUT, 10, 64)));
      assertThat(recipe.planRelativeTo(single, base).branchMultiplier())
          .isCloseTo(Math.pow(4, alpha), EXACT);
    }
  }

  /** Gradients inside a branch shrink with its multiplier, which gradient descent must repay. */
  @Test
  void gradientDescentRepaysTheBranchMultiplier() {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withDepthScaling(DepthScaling.COMPLETE_P);
    assertThat(recipe.scale(hidden(64, 64), 16).learningRate()).isCloseTo(16, EXACT);
    assertThat(recipe.scale(hidden(64, 64), 16).branchMultiplier()).isCloseTo(1.0 / 16, EXACT);
    assertThat(
            recipe
                .withDepthScaling(DepthScaling.INVERSE_ROOT)
                .scale(hidden(64, 64), 16)
                .learningRate())
        .isCloseTo(1, EXACT);
    assertThat(recipe.withDepthScaling(DepthScaling.NONE).scale(hidden(64, 64), 16))
        .isEqualTo(recipe.scale(hidden(64, 64)));
    assertThatThrownBy(() -> new DepthScaling(1.5)).hasMessageContaining("1.5");
  }

  @Test
  void aDeeperModelNeedsCounterpartsThatAreAlike() {
    Recipe recipe = Recipe.of(Parametrizations.MUP, UpdateRules.ADAM);
    List<Parameter> uneven =
        List.of(
            new Parameter("layers.0", hidden(64, 32)), new Parameter("layers.1", hidden(64, 64)));
    List<Parameter> deeper = List.of(new Parameter("layers.2", hidden(128, 128)));
    assertThatThrownBy(() -> recipe.planRelativeTo(deeper, uneven))
        .hasMessageContaining("'layers.2'")
        .hasMessageContaining("not alike");
    assertThatThrownBy(
            () -> recipe.planRelativeTo(List.of(new Parameter("head", hidden(1, 1))), uneven))
        .hasMessageContaining("no parameter 'head'");
  }

  @Test
  void everyGroupMayHaveARuleOfItsOwn() {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON)
            .withLearningRate(0.02)
            .withUpdateRuleBesideHidden(UpdateRules.ADAM, 3e-4);
    Plan plan =
        recipe.plan(
            List.of(
                new Parameter("table", ParameterShape.embedding(65, 256)),
                new Parameter("up", hidden(1024, 256)),
                new Parameter("up.bias", ParameterShape.bias(Layer.HIDDEN, 1024)),
                new Parameter("head", ParameterShape.matrix(Layer.READOUT, 65, 256))));
    assertThat(plan.get("up").rule()).isEqualTo(UpdateRules.MUON);
    assertThat(plan.get("up").scale().learningRate()).isCloseTo(0.02 * 2, EXACT);
    for (String name : List.of("table", "up.bias", "head")) {
      assertThat(plan.get(name).rule()).isEqualTo(UpdateRules.ADAM);
    }
    assertThat(plan.get("table").scale().learningRate()).isCloseTo(3e-4, EXACT);
    assertThat(plan.get("head").scale().learningRate()).isCloseTo(3e-4 / 256, EXACT);
    assertThat(recipe.updateRule(ParameterGroup.HIDDEN)).isEqualTo(UpdateRules.MUON);
    assertThat(recipe.withLearningRate(0.1).scale(ParameterShape.embedding(65, 256)).learningRate())
        .isCloseTo(3e-4, EXACT);
    assertThatThrownBy(() -> recipe.withUpdateRule(ParameterGroup.BIAS, UpdateRules.SGD, 0))
        .hasMessageContaining("learning rate");
  }

  /** Fused and gated tensors are scaled by their maps, grouped convolutions by a group's fans. */
  @Test
  void stackedMapsAreScaledOneByOne() {
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON);
    assertThat(recipe.scale(hidden(3 * 64, 64).stacked(3))).isEqualTo(recipe.scale(hidden(64, 64)));
    ParameterShape grouped =
        ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 64, 8, 3, 3).stacked(8);
    assertThat(grouped.fans().fanIn()).isEqualTo(8);
    assertThat(grouped.fans().fanOut()).isEqualTo(8);
    assertThat(grouped.kernelArea()).isEqualTo(9);
    ParameterShape bias = ParameterShape.bias(Layer.HIDDEN, 4 * 32).stacked(4);
    assertThat(bias.fans().fanOut()).isEqualTo(32);
    assertThatThrownBy(() -> hidden(64, 64).stacked(3)).hasMessageContaining("3 maps");
    assertThatThrownBy(() -> ParameterShape.embedding(64, 64).stacked(2))
        .hasMessageContaining("embedding");
  }

  /** A depthwise convolution of one position is a gain, whose n entries are one vector. */
  @Test
  void groupsShareTheGradientOfTheirFeatures() {
    ParameterShape depthwise =
        ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 64, 1, 1, 1).stacked(64);
    ParameterShape gain = ParameterShape.of(Role.GAIN, Layer.HIDDEN, 64);
    for (Parametrization parametrization :
        List.of(Parametrizations.SPECTRAL, Parametrizations.MUP)) {
      for (UpdateRule rule : List.of(UpdateRules.SGD, UpdateRules.ADAM, UpdateRules.SIGN)) {
        Scale scale = Recipe.of(parametrization, rule).scale(depthwise);
        Scale expected = Recipe.of(parametrization, rule).scale(gain);
        assertThat(scale.learningRate()).isCloseTo(expected.learningRate(), EXACT);
        assertThat(scale.epsilon()).isEqualTo(expected.epsilon());
      }
    }
    // By degree 1 − 4e = ½ of the gradient.
    UpdateRule shampoo = new ShampooRule(0.125);
    assertThat(Recipe.of(Parametrizations.SPECTRAL, shampoo).scale(depthwise).learningRate())
        .isCloseTo(8, EXACT);
    ParameterShape base =
        ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 16, 1, 3, 3).stacked(16);
    ParameterShape wide =
        ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 64, 1, 3, 3).stacked(64);
    Recipe sgd = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD);
    assertThat(sgd.scaleRelativeTo(wide, base).learningRate()).isCloseTo(4, EXACT);
    assertThat(LayerInference.of("dw", base, wide)).isEqualTo(Layer.HIDDEN);
    assertThatThrownBy(
            () ->
                LayerInference.of(
                    "qkv", hidden(3 * 64, 64).stacked(3), hidden(4 * 64, 64).stacked(4)))
        .hasMessage(
            "'qkv' is 3 maps here and 4 at the other width: stacked maps are as many at every"
                + " width");
  }

  @Test
  void aTransposedConvolutionHasItsInputsFirst() {
    Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM);
    ParameterShape plain = ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 16, 64, 3, 3);
    ParameterShape transposed =
        ParameterShape.of(Role.TRANSPOSED_CONVOLUTION, Layer.HIDDEN, 64, 16, 3, 3);
    assertThat(recipe.scale(transposed)).isEqualTo(recipe.scale(plain));
    assertThat(Role.named("transposed-convolution")).isEqualTo(Role.TRANSPOSED_CONVOLUTION);
  }

  @Test
  void aTiedTableIsAnEmbeddingWhoseReadoutIsDividedByItsWidth() {
    Recipe recipe = Recipe.of(Parametrizations.MUP, UpdateRules.ADAM);
    ParameterShape tied = ParameterShape.of(Role.TIED_EMBEDDING, Layer.INPUT, 65, 256);
    Scale scale = recipe.scale(tied);
    Scale untied = recipe.scale(ParameterShape.embedding(65, 256));
    assertThat(scale.learningRate()).isEqualTo(untied.learningRate());
    assertThat(scale.initStd()).isEqualTo(untied.initStd());
    assertThat(scale.multiplier()).isCloseTo(1.0 / 256, EXACT);
    ParameterShape base = ParameterShape.of(Role.TIED_EMBEDDING, Layer.INPUT, 65, 64);
    assertThat(recipe.scaleRelativeTo(tied, base).multiplier()).isCloseTo(0.25, EXACT);
    // Folding would change what the table is where it is looked up.
    Plan plan = recipe.plan(List.of(new Parameter("table", tied)));
    assertThat(plan.folded().get("table").scale()).isEqualTo(scale);
    Recipe abc =
        Recipe.of(Abc.parse("input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0"), UpdateRules.SGD);
    assertThatThrownBy(() -> abc.scale(tied)).hasMessageContaining("untie it");
  }

  @Test
  void epsilonMayBeLeftAsItIs() {
    Recipe recipe = Recipe.of(Parametrizations.MUP, UpdateRules.ADAM).withEpsilon(1e-7);
    ParameterShape shape = hidden(512, 512);
    assertThat(recipe.scale(shape).epsilon().orElseThrow()).isCloseTo(1e-7 / 512, within(1e-20));
    assertThat(
            recipe
                .withEpsilonConvention(EpsilonConvention.FIXED)
                .scale(shape)
                .epsilon()
                .orElseThrow())
        .isEqualTo(1e-7);
  }

  @Test
  void attentionIsScaledByTheHeadDimension() {
    assertThat(Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD).attentionScale(64))
        .isEqualTo(1.0 / 64);
    Recipe mup = Recipe.of(Parametrizations.MUP, UpdateRules.SGD);
    assertThat(mup.attentionScaleRelativeTo(64, 64)).isCloseTo(1.0 / 8, EXACT);
    assertThat(mup.attentionScaleRelativeTo(256, 64)).isCloseTo(1.0 / 32, EXACT);
    assertThat(Recipe.of(Parametrizations.SP, UpdateRules.SGD).attentionScale(64))
        .isEqualTo(1.0 / 8);
  }
}
