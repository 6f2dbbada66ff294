package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Adam;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.optim.Sign;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.LayerDirections;
import org.widthwise.torch.train.LayerRates;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;
import org.widthwise.torch.train.StepwiseMlp;

/** Plan and direction together: the size of ΔW against width. */
final class PlannedUpdateTest {
  /** All above the number of inputs: below it the sizes under gradient descent still settle. */
  private static final double[] WIDTHS = {64, 128, 256, 512};

  private static final int TRIALS = 16;
  private static final int INPUTS = 48;

  /** More than inputs, so that gradients follow the targets rather than the sample. */
  private static final int EXAMPLES = 128;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  /**
   * One of each kind: AdamW's direction is Adam's, the scales of Muon and the norms of Scion differ
   * in a number or are covered by sign and Muon, and SOAP and Shampoo, which decompose 128 matrices
   * a width, are held to the same condition on fewer in the contract of directions.
   */
  static List<Direction> all() {
    return Directions.all().stream()
        .filter(direction -> !direction.rule().id().matches("adamw|muon-.*|scion-.*|soap|shampoo"))
        .toList();
  }

  /** Condition 1 for updates: ‖ΔW_l‖₂ / √(n_l / n_{l−1}) has the exponent 0 in every layer. */
  @ParameterizedTest
  @MethodSource("all")
  void updatesUnderAPlanKeepTheSizeOfCondition1(Direction direction) {
    List<PowerLawFit> fits =
        fits(
            shape -> {
              Plan plan = plan(direction, shape);
              return MlpParameters.rates(plan, shape);
            },
            direction);
    for (int layer = 0; layer < fits.size(); layer++) {
      assertThat(ExponentClaim.of(0, 0.15).judge(fits.get(layer)))
          .as(direction + ", layer " + layer + ": " + fits.get(layer))
          .isEqualTo(Verdict.HOLDS);
    }
  }

  /** Signs at one rate for all: entries of size 1 in every layer, √(n_l·n_{l−1}) in all. */
  @Test
  void updatesAtOneRateDoNot() {
    List<PowerLawFit> fits = fits(shape -> LayerRates.of(1, 1, 1), new Sign());
    // Less the target: √(n·48)/√(n/48), √(n·n)/1, √(1·n)/√(1/n).
    double[] claimed = {0, 1, 1};
    for (int layer = 0; layer < claimed.length; layer++) {
      assertThat(ExponentClaim.of(claimed[layer], 0.15).judge(fits.get(layer)))
          .as("layer " + layer + ": " + fits.get(layer))
          .isEqualTo(Verdict.HOLDS);
    }
  }

  @Test
  void epsilonIsThatOfThePlan() {
    MlpShape shape = MlpShape.of(Activation.RELU, INPUTS, 64, 32, 1).withBias(true);
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
            .withEpsilon(1e-4)
            .plan(MlpParameters.of(shape));
    LayerDirections directions = MlpParameters.directions(Adam.withDefaults(), plan, shape);
    // Gradient entries are Θ(1 / fan-out).
    double[] expected = {1e-4 / 64, 1e-4 / 32, 1e-4};
    for (int layer = 0; layer < expected.length; layer++) {
      assertThat(directions.weights().get(layer))
          .isInstanceOfSatisfying(Adam.class, adam -> assertThat(adam.beta2()).isEqualTo(0.999));
      assertThat(((Adam) directions.weights().get(layer)).epsilon())
          .isCloseTo(expected[layer], within(1e-12 * expected[layer]));
    }
    assertThat(directions.biases()).hasSize(3);
    assertThat(MlpParameters.directions(new Sign(), plan(new Sign(), shape), shape).weights())
        .containsOnly(new Sign());
  }

  @Test
  void aPlanForAnotherRuleOrWithDecayIsRefused() {
    MlpShape shape = MlpShape.of(Activation.RELU, INPUTS, 64, 1);
    Plan sgd = plan(Directions.named("sgd"), shape);
    assertThatThrownBy(() -> MlpParameters.directions(Adam.withDefaults(), sgd, shape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("for sgd")
        .hasMessageContaining("for adam");
    Plan decaying =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
            .withWeightDecay(0.1, WeightDecayConvention.INDEPENDENT)
            .plan(MlpParameters.of(shape));
    assertThatThrownBy(() -> MlpParameters.directions(Adam.withDefaults(), decaying, shape))
        .hasMessageContaining("weight decay");
  }

  private static Plan plan(Direction direction, MlpShape shape) {
    return Recipe.of(Parametrizations.SPECTRAL, direction.rule())
        .withLearningRate(0.1)
        .plan(MlpParameters.of(shape));
  }

  private interface Rates {
    LayerRates of(MlpShape shape);
  }

  /** For each layer, the fit of ‖ΔW‖₂ / √(n_l / n_{l−1}) of the first step against width. */
  private static List<PowerLawFit> fits(Rates rates, Direction direction) {
    double[][][] sizes = new double[3][TRIALS][WIDTHS.length];
    for (int trial = 0; trial < TRIALS; trial++) {
      for (int i = 0; i < WIDTHS.length; i++) {
        int width = (int) WIDTHS[i];
        MlpShape shape = MlpShape.of(Activation.RELU, INPUTS, width, width, 1);
        double[] ratios =
            firstStep(shape, rates.of(shape), direction, trial, 1000 + 10L * trial + i);
        for (int layer = 0; layer < ratios.length; layer++) {
          sizes[layer][trial][i] = ratios[layer];
        }
      }
    }
    List<PowerLawFit> fits = new ArrayList<>();
    for (double[][] layer : sizes) {
      fits.add(PowerLaw.fitTrials(WIDTHS, layer));
    }
    return fits;
  }

  private static double[] firstStep(
      MlpShape shape, LayerRates rates, Direction direction, long dataSeed, long weightSeed) {
    try (PointerScope scope = new PointerScope()) {
      Generator generator = Initializer.seeded(weightSeed);
      Plan plan = plan(direction, shape);
      Mlp mlp = new Mlp(shape);
      PlannedModule.initialize(mlp, plan, InitScheme.GAUSSIAN, generator);
      Tensor inputs =
          torch.zeros(new long[] {EXAMPLES, INPUTS}, new TensorOptions(ScalarType.Float));
      new GaussianInitializer(1).fill(inputs, Initializer.seeded(dataSeed));
      Tensor targets = inputs.narrow(1, 0, 1).sign();
      LayerDirections directions = MlpParameters.directions(direction, plan, shape);
      try (StepwiseMlp network =
          StepwiseMlp.of(
              MlpWeights.of(mlp),
              shape.activation(),
              new Loss.MeanSquaredError(),
              directions,
              rates)) {
        StepResult.Taken taken = (StepResult.Taken) network.step(new Batch(inputs, targets));
        double[] ratios = new double[shape.depth()];
        for (int layer = 0; layer < ratios.length; layer++) {
          double target = Math.sqrt((double) shape.fanOut(layer) / shape.fanIn(layer));
          ratios[layer] = TensorNorms.spectral(taken.update().weights().get(layer)) / target;
        }
        return ratios;
      }
    }
  }
}
