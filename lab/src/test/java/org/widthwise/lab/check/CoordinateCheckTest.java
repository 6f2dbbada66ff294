package org.widthwise.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.widthwise.core.fit.Verdict;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.DataLocator;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.data.TextCorpus;
import org.widthwise.lab.train.Architecture;
import org.widthwise.lab.train.TrainingData;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.optim.OptimizerSettings;

/** The mistakes that a look at activations passes over, made on purpose. */
final class CoordinateCheckTest {

  private static final CheckSettings QUICK =
      CheckSettings.withDefaults().withWidths(List.of(32, 64, 128)).withLength(2, 2, 16);

  private static final DataLocator WITHOUT_DATA =
      new DataLocator(name -> null, Path.of("nowhere"), "Linux");

  private static TrainingData images() {
    return PooledExamples.of(WITHOUT_DATA.cifar10(null, Split.TRAIN));
  }

  private static Architecture mlp(int width) {
    return new Architecture.Perceptron(
        MlpShape.of(Activation.RELU, 48, width, width, 10).withBias(true));
  }

  private static Recipe adam() {
    return Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
        .withLearningRate(0.05)
        .withGain(Math.sqrt(2));
  }

  private static CheckResult check(ModelFamily family, Planner planner, TrainingData data)
      throws InterruptedException {
    return new CoordinateCheck(family, planner, OptimizerSettings.withDefaults(), data, QUICK)
        .run((done, all, width, share) -> {});
  }

  /** A plan with the scales that another recipe would give, under the rules of the first. */
  private static Planner withScalesOf(Recipe recipe, Recipe scales) {
    return parameters -> {
      Plan wrong = scales.plan(parameters);
      return Plan.of(
          recipe,
          recipe.plan(parameters).parameters().stream()
              .map(right -> scaled(right, wrong))
              .toList());
    };
  }

  /** A plan with the scales that some mistaken shapes would give. */
  private static Planner withScalesOf(Recipe recipe, UnaryOperator<ParameterShape> mistake) {
    return parameters -> {
      Plan wrong =
          recipe.plan(
              parameters.stream()
                  .map(right -> new Parameter(right.name(), mistake.apply(right.shape())))
                  .toList());
      return Plan.of(
          recipe,
          recipe.plan(parameters).parameters().stream()
              .map(right -> scaled(right, wrong))
              .toList());
    };
  }

  private static PlannedParameter scaled(PlannedParameter right, Plan wrong) {
    return new PlannedParameter(
        right.name(),
        right.shape(),
        right.branches(),
        right.rule(),
        wrong.get(right.name()).scale());
  }

  private static QuantityCheck find(CheckResult result, String layer, Quantity quantity) {
    return result.layers().stream()
        .filter(candidate -> candidate.name().equals(layer))
        .findFirst()
        .flatMap(found -> found.get(quantity))
        .orElseThrow();
  }

  private static double slope(CheckResult result, String layer, Quantity quantity) {
    return find(result, layer, quantity).fit().orElseThrow().exponent();
  }

  @Test
  void theSpectralPlanIsFlat() throws InterruptedException {
    CheckResult result = check(CoordinateCheckTest::mlp, adam()::plan, images());
    assertThat(result.layers()).hasSize(6);
    for (LayerCheck layer : result.layers()) {
      assertThat(Math.abs(slope(result, layer.name(), Quantity.UPDATE))).isLessThan(0.15);
      assertThat(layer.verdict()).isNotEqualTo(Verdict.FAILS);
    }
    // A readout of initial outputs that vanish is as it should be, and not judged.
    assertThat(find(result, "layers.2.weight", Quantity.FEATURE).judged()).isFalse();
  }

  /** SGD's rate at the hidden layer is 1 where Adam's is 1/n: too large by n. */
  @Test
  void sgdsRatesUnderAdamAreCaught() throws InterruptedException {
    Recipe sgd = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD).withLearningRate(1e-3);
    CheckResult result = check(CoordinateCheckTest::mlp, withScalesOf(adam(), sgd), images());
    assertThat(slope(result, "layers.1.weight", Quantity.UPDATE)).isBetween(0.8, 1.2);
    assertThat(result.verdict()).isEqualTo(Verdict.FAILS);
  }

  /** The rates fall as 1/n, and with them what a fixed decay takes away in a step. */
  @Test
  void aDecayThatFadesWithWidthIsCaught() throws InterruptedException {
    Recipe fixed = adam().withWeightDecay(0.1, WeightDecayConvention.FIXED);
    CheckResult result = check(CoordinateCheckTest::mlp, fixed::plan, images());
    assertThat(slope(result, "layers.1.weight", Quantity.DECAY)).isBetween(-1.001, -0.999);
    assertThat(result.verdict()).isEqualTo(Verdict.FAILS);
    Recipe independent = adam().withWeightDecay(0.1, WeightDecayConvention.INDEPENDENT);
    CheckResult right = check(CoordinateCheckTest::mlp, independent::plan, images());
    assertThat(find(right, "layers.1.weight", Quantity.DECAY).verdict()).isEqualTo(Verdict.HOLDS);
  }

  /** A table taken for a matrix is stepped less and less, as one over its width. */
  @Test
  void anEmbeddingTakenForAMatrixIsCaught() throws InterruptedException {
    TextCorpus corpus = WITHOUT_DATA.textOrStandIn(null);
    TrainingData text = TrainingData.text(corpus, 16, Optional.of(64));
    ModelFamily family =
        width ->
            new Architecture.Decoder(
                TransformerShape.of(corpus.vocabularySize(), 16, width, 1, 2), 2.0 / width);
    CheckResult result =
        check(
            family,
            withScalesOf(
                adam(),
                shape ->
                    shape.role() == Role.EMBEDDING
                        ? ParameterShape.matrix(
                            Layer.HIDDEN, shape.dimensions().get(0), shape.dimensions().get(1))
                        : shape),
            text);
    String table =
        result.layers().stream()
            .filter(layer -> layer.role().equals("embedding"))
            .findFirst()
            .orElseThrow()
            .name();
    assertThat(slope(result, table, Quantity.UPDATE)).isBetween(-1.2, -0.8);
    assertThat(result.verdict()).isEqualTo(Verdict.FAILS);
  }

  /** The rate of a convolution from its kernel's 3 × 3 is the same at every width. */
  @Test
  void fansTakenFromAKernelAreCaught() throws InterruptedException {
    TrainingData images =
        TrainingData.images(
            WITHOUT_DATA.cifar10(null, Split.TRAIN), Optional.empty(), Optional.of(32), false);
    ModelFamily family =
        width ->
            new Architecture.Residual(
                new ResNetShape(3, 10, width, List.of(1), new ChannelNormalization.Group(2)));
    CheckSettings tiny =
        CheckSettings.withDefaults().withWidths(List.of(8, 16, 32)).withLength(1, 1, 4);
    CheckResult result =
        new CoordinateCheck(
                family,
                withScalesOf(
                    adam(),
                    shape ->
                        shape.role() == Role.CONVOLUTION
                            ? ParameterShape.matrix(
                                Layer.HIDDEN, shape.dimensions().get(2), shape.dimensions().get(3))
                            : shape),
                OptimizerSettings.withDefaults(),
                images,
                tiny)
            .run((done, all, width, share) -> {});
    LayerCheck hidden =
        result.layers().stream()
            .filter(layer -> layer.role().equals("convolution") && layer.layer().equals("hidden"))
            .findFirst()
            .orElseThrow();
    assertThat(slope(result, hidden.name(), Quantity.UPDATE)).isBetween(0.7, 1.3);
    assertThat(hidden.verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void whatDivergesFailsAndWhatStandsStillIsUndecided() {
    double[] widths = {1, 2, 4};
    assertThat(
            QuantityCheck.of(
                    Quantity.UPDATE, widths, new double[][] {{1, Double.NaN, 1}}, 0.2, true)
                .verdict())
        .isEqualTo(Verdict.FAILS);
    assertThat(
            QuantityCheck.of(Quantity.UPDATE, widths, new double[][] {{0, 0, 0}}, 0.2, true)
                .verdict())
        .isEqualTo(Verdict.UNDECIDED);
    assertThatThrownBy(() -> CheckSettings.withDefaults().withWidths(List.of(64, 32, 128)))
        .hasMessageContaining("[64, 32, 128]");
  }
}
