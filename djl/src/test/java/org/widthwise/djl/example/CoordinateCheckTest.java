package org.widthwise.djl.example;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.djl.init.PlannedInitializer;
import org.widthwise.djl.optim.PlannedOptimizer;
import org.widthwise.djl.plan.BlockParameters;

/**
 * Trains networks of several widths with DJL and fits how the size of features, and of what
 * training changes in them, goes with width: not at all under a spectral plan, while standard
 * parametrization with the same optimizer changes features the more the wider they are.
 */
@Tag("engine")
class CoordinateCheckTest {

  private static final int[] WIDTHS = {64, 128, 256, 512};
  private static final int TRIALS = 3;
  private static final int STEPS = 5;

  /** An exponent that counts as none, as is usual in coordinate checks at such widths. */
  private static final double FLAT = 0.1;

  /** Root mean squares, {@code [trial][width]}, by what was measured. */
  private static Map<String, double[][]> sizes(IntFunction<Example> network, Recipe recipe) {
    Map<String, double[][]> sizes = new LinkedHashMap<>();
    for (int trial = 0; trial < TRIALS; trial++) {
      for (int w = 0; w < WIDTHS.length; w++) {
        for (Map.Entry<String, Double> one :
            trained(network.apply(WIDTHS[w]), recipe, trial).entrySet()) {
          sizes.computeIfAbsent(one.getKey(), key -> new double[TRIALS][WIDTHS.length])[trial][w] =
              one.getValue();
        }
      }
    }
    return sizes;
  }

  private static Map<String, Double> trained(Example example, Recipe recipe, long seed) {
    Map<String, Double> sizes = new LinkedHashMap<>();
    try (Model model = Model.newInstance("example")) {
      NDManager manager = model.getNDManager();
      model.setBlock(example.block());
      NDList inputs = example.inputs(manager);
      NDList labels = example.labels(manager);
      example.block().initialize(manager, DataType.FLOAT32, inputs.getShapes());
      BlockParameters parameters = example.parameters();
      Plan plan = recipe.plan(parameters.parameters());
      PlannedInitializer.withSeed(seed).initialize(parameters, plan);
      ParameterStore store = new ParameterStore(manager, false);
      Map<String, NDArray> before = example.features(store, inputs);
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(example.loss())
              .optOptimizer(PlannedOptimizer.of(parameters, plan));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(inputs.getShapes());
        for (int step = 0; step < STEPS; step++) {
          try (GradientCollector collector = trainer.newGradientCollector()) {
            NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(inputs));
            collector.backward(loss);
          }
          trainer.step();
        }
      }
      example
          .features(store, inputs)
          .forEach(
              (name, after) -> {
                NDArray start = before.get(name);
                sizes.put("size of " + name, rootMeanSquare(after));
                sizes.put("change of " + name, rootMeanSquare(after.sub(start)));
              });
    }
    return sizes;
  }

  private static double rootMeanSquare(NDArray array) {
    return Math.sqrt(array.square().mean().getFloat());
  }

  private static Map<String, Double> exponents(Map<String, double[][]> sizes) {
    double[] widths = new double[WIDTHS.length];
    for (int w = 0; w < WIDTHS.length; w++) {
      widths[w] = WIDTHS[w];
    }
    Map<String, Double> exponents = new LinkedHashMap<>();
    sizes.forEach(
        (name, values) -> exponents.put(name, PowerLaw.fitTrials(widths, values).exponent()));
    return exponents;
  }

  private static Recipe recipe(Parametrization parametrization, UpdateRule rule, double rate) {
    return Recipe.of(parametrization, rule).withLearningRate(rate).withGain(Math.sqrt(2));
  }

  private static void assertFlat(IntFunction<Example> network, Recipe recipe) {
    Map<String, Double> exponents = exponents(sizes(network, recipe));
    assertThat(exponents).hasSizeGreaterThanOrEqualTo(6);
    exponents.forEach((name, exponent) -> assertThat(exponent).as(name).isBetween(-FLAT, FLAT));
  }

  @Test
  void aPerceptronPassesUnderASpectralPlan() {
    assertFlat(Perceptron::new, recipe(Parametrizations.SPECTRAL, UpdateRules.ADAM, 0.03));
  }

  @Test
  void aTransformerPassesUnderASpectralPlan() {
    assertFlat(Transformer::new, recipe(Parametrizations.SPECTRAL, UpdateRules.ADAM, 0.03));
  }

  @Test
  void aTransformerPassesWithMuonForItsMatricesAndAdamForTheRest() {
    assertFlat(
        Transformer::new,
        recipe(Parametrizations.SPECTRAL, UpdateRules.MUON, 0.1)
            .withUpdateRuleBesideHidden(UpdateRules.ADAM, 0.1));
  }

  /** Theory's first step is +1; saturation within five steps takes some of it. */
  @Test
  void standardParametrizationFails() {
    Recipe recipe = recipe(Parametrizations.SP, UpdateRules.ADAM, 0.001);
    assertThat(exponents(sizes(Perceptron::new, recipe)))
        .hasEntrySatisfying(
            "change of layer 2", exponent -> assertThat(exponent).isGreaterThan(2.5 * FLAT))
        .hasEntrySatisfying(
            "change of layer 3", exponent -> assertThat(exponent).isGreaterThan(2.5 * FLAT));
    assertThat(exponents(sizes(Transformer::new, recipe)))
        .hasEntrySatisfying(
            "change of attention", exponent -> assertThat(exponent).isGreaterThan(2.5 * FLAT))
        .hasEntrySatisfying(
            "change of readout", exponent -> assertThat(exponent).isGreaterThan(2.5 * FLAT));
  }
}
