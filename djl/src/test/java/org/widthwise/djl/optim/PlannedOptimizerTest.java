package org.widthwise.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.spectral.PolarIteration;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.djl.init.PlannedInitializer;
import org.widthwise.djl.plan.BlockParameters;

@Tag("engine")
class PlannedOptimizerTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** A single layer of 4 outputs and 2 inputs with gradients that are set by hand. */
  private final class Layer {
    final Linear linear = Linear.builder().setUnits(4).build();
    final BlockParameters parameters;
    final NDArray weight;
    final NDArray bias;

    Layer(DataType type) {
      linear.initialize(manager, type, new Shape(1, 2));
      parameters = BlockParameters.of(linear).othersHidden();
      weight = linear.getDirectParameters().get("weight").getArray();
      bias = linear.getDirectParameters().get("bias").getArray();
    }

    String id(String name) {
      return linear.getDirectParameters().get(name).getId();
    }

    double[] weightAfter(PlannedOptimizer optimizer, double... gradient) {
      optimizer.update(id("weight"), weight, manager.create(gradient, new Shape(4, 2)));
      return weight.toDoubleArray();
    }
  }

  private static Recipe spectral(UpdateRule rule) {
    return Recipe.of(Parametrizations.SPECTRAL, rule).withLearningRate(0.1);
  }

  private static double[] gradient(long seed) {
    return new Random(seed).doubles(8, -1, 1).toArray();
  }

  private static void check(double[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      // Rates pass through the engine's single precision.
      assertThat(found[i]).as("entry %d", i).isCloseTo(expected[i], within(2e-7));
    }
  }

  /** Gradient descent goes with fan-out / fan-in: 0.1 · 4/2, and 0.1 · 4/1 for the bias. */
  @Test
  void everyParameterHasItsOwnRate() {
    Layer layer = new Layer(DataType.FLOAT64);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            layer.parameters, spectral(UpdateRules.SGD).plan(layer.parameters.parameters()));
    double[] before = layer.weight.toDoubleArray();
    double[] g = gradient(1);
    double[] expected = new double[8];
    for (int i = 0; i < 8; i++) {
      expected[i] = before[i] - 0.2 * g[i];
    }
    check(layer.weightAfter(optimizer, g), expected);
    optimizer.update(layer.id("bias"), layer.bias, manager.create(new double[] {1, 2, 3, -1}));
    check(layer.bias.toDoubleArray(), new double[] {-0.4, -0.8, -1.2, 0.4});
  }

  /** Muon for matrices, whose rate is 0.1·√(4/2), and Adam at 0.01 for biases. */
  @Test
  void everyGroupHasItsOwnRule() {
    Layer layer = new Layer(DataType.FLOAT64);
    Recipe recipe =
        spectral(UpdateRules.MUON).withUpdateRule(ParameterGroup.BIAS, UpdateRules.ADAM, 0.01);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(layer.parameters, recipe.plan(layer.parameters.parameters()));
    optimizer.update(layer.id("bias"), layer.bias, manager.create(new double[] {1, 2, 3, -1}));
    check(layer.bias.toDoubleArray(), new double[] {-0.01, -0.01, -0.01, 0.01});
    double[] before = layer.weight.toDoubleArray();
    double[] after = layer.weightAfter(optimizer, gradient(1));
    double[] step = new double[8];
    for (int i = 0; i < 8; i++) {
      step[i] = (before[i] - after[i]) / (0.1 * Math.sqrt(2));
    }
    // Columns of an orthogonalised 4 × 2 matrix are about orthonormal: singular values 0.6 to 1.25.
    double trace = Arrays.stream(step).map(x -> x * x).sum();
    assertThat(trace).isBetween(2 * 0.6 * 0.6, 2 * 1.25 * 1.25);
  }

  @Test
  void gatesAreOrthogonalisedOneByOne() {
    LSTM lstm = LSTM.builder().setStateSize(3).setNumLayers(1).optHasBiases(false).build();
    lstm.initialize(manager, DataType.FLOAT64, new Shape(1, 4, 5));
    BlockParameters parameters = BlockParameters.of(lstm).othersHidden();
    Muon muon = Muon.withDefaults().withMomentum(0, false);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            parameters,
            spectral(UpdateRules.MUON).withEpsilon(1e-30).plan(parameters.parameters()),
            OptimizerSettings.withDefaults().with(muon));
    NDArray weight = lstm.getDirectParameters().get("l_0_i2h_WEIGHT").getArray();
    double[] before = weight.toDoubleArray();
    double[] gradient = new Random(4).doubles(60, -1, 1).toArray();
    optimizer.update(
        lstm.getDirectParameters().get("l_0_i2h_WEIGHT").getId(),
        weight,
        manager.create(gradient, new Shape(12, 5)));
    double[] expected = new double[60];
    for (int gate = 0; gate < 4; gate++) {
      NDArray one =
          manager.create(Arrays.copyOfRange(gradient, gate * 15, gate * 15 + 15), new Shape(3, 5));
      double[] direction = PolarFactor.of(one, PolarIteration.kellerJordan(), 0).toDoubleArray();
      for (int i = 0; i < 15; i++) {
        expected[gate * 15 + i] = before[gate * 15 + i] - 0.1 * Math.sqrt(3.0 / 5) * direction[i];
      }
    }
    check(weight.toDoubleArray(), expected);
  }

  @Test
  void schedulesMultiplyThePlannedRate() {
    Layer layer = new Layer(DataType.FLOAT64);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            layer.parameters,
            spectral(UpdateRules.SGD).plan(layer.parameters.parameters()),
            OptimizerSettings.withDefaults().withSchedule((id, updates) -> 1f / updates));
    double[] expected = layer.weight.toDoubleArray();
    for (int update = 1; update <= 3; update++) {
      double[] g = gradient(update);
      for (int i = 0; i < 8; i++) {
        expected[i] -= 0.2 / update * g[i];
      }
      check(layer.weightAfter(optimizer, g), expected);
    }
  }

  /** One step of sign descent at 0.1/2 with λ = 0.3, for each form in closed form. */
  @Test
  void weightDecayEntersAsItsFormSays() {
    for (DecayForm form : DecayForm.values()) {
      Layer layer = new Layer(DataType.FLOAT64);
      Recipe recipe = spectral(UpdateRules.SIGN).withWeightDecay(0.3, WeightDecayConvention.FIXED);
      PlannedOptimizer optimizer =
          PlannedOptimizer.of(
              layer.parameters,
              recipe.plan(layer.parameters.parameters()),
              OptimizerSettings.withDefaults().withDecay(form).withSchedule(Tracker.fixed(0.5f)));
      double[] w = layer.weight.toDoubleArray();
      double[] g = gradient(5);
      // Small enough for the decay to turn the sign where it is coupled.
      Arrays.setAll(g, i -> 0.2 * g[i]);
      double rate = 0.05 * 0.5;
      double[] expected = new double[8];
      for (int i = 0; i < 8; i++) {
        double sign = Math.signum(g[i]);
        expected[i] =
            switch (form) {
              case COUPLED -> w[i] - rate * Math.signum(g[i] + 0.3 * w[i]);
              case DECOUPLED -> w[i] - rate * (sign + 0.3 * w[i]);
              case RATE_FREE -> w[i] - rate * sign - 0.5 * 0.3 * w[i];
              case CAUTIOUS -> w[i] - rate * (sign + (sign * w[i] > 0 ? 0.3 * w[i] : 0));
            };
      }
      check(layer.weightAfter(optimizer, g), expected);
    }
  }

  @Test
  void formsOfDecayThatContradictThePlanAreRefused() {
    Layer layer = new Layer(DataType.FLOAT32);
    Plan independent =
        spectral(UpdateRules.ADAMW)
            .withWeightDecay(0.1, WeightDecayConvention.INDEPENDENT)
            .plan(layer.parameters.parameters());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withDecay(layer, independent, DecayForm.RATE_FREE))
        .withMessageContaining("'fixed'")
        .withMessageContaining("'independent'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withDecay(layer, independent, DecayForm.COUPLED))
        .withMessageContaining("plan for adam");
  }

  private static PlannedOptimizer withDecay(Layer layer, Plan plan, DecayForm form) {
    return PlannedOptimizer.of(
        layer.parameters, plan, OptimizerSettings.withDefaults().withDecay(form));
  }

  private static SequentialBlock network() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(16).build())
        .add(Activation.tanhBlock())
        .add(Linear.builder().setUnits(16).build())
        .add(Activation.tanhBlock())
        .add(Linear.builder().setUnits(2).build());
  }

  /** The interface between a network and the optimizer it is trained with. */
  private interface OptimizerOf {
    Optimizer of(Block block);
  }

  /** Losses of some steps, each with a different batch. */
  private static List<Float> losses(OptimizerOf optimizer, int from, int to, Model model) {
    List<Float> losses = new ArrayList<>();
    Block block = model.getBlock();
    block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(8, 5));
    if (from == 0) {
      BlockParameters parameters = BlockParameters.of(block).othersHidden();
      PlannedInitializer.withSeed(3)
          .initialize(
              parameters,
              Recipe.of(Parametrizations.SP, UpdateRules.SGD).plan(parameters.parameters()));
    }
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimizer.of(block));
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(8, 5));
      for (int step = from; step < to; step++) {
        try (NDManager batch = trainer.getManager().newSubManager()) {
          Random random = new Random(step);
          float[] values = new float[8 * 5 + 8 * 2];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
          }
          NDArray x = batch.create(Arrays.copyOf(values, 40), new Shape(8, 5));
          NDArray y = batch.create(Arrays.copyOfRange(values, 40, 56), new Shape(8, 2));
          try (GradientCollector collector = trainer.newGradientCollector()) {
            NDArray loss =
                trainer.getLoss().evaluate(new NDList(y), trainer.forward(new NDList(x)));
            collector.backward(loss);
            losses.add(loss.getFloat());
          }
          trainer.step();
        }
      }
    }
    return losses;
  }

  private static Model model() {
    Model model = Model.newInstance("test");
    model.setBlock(network());
    return model;
  }

  private static OptimizerOf planned(UpdateRule rule, double rate, OptimizerSettings settings) {
    return block -> {
      BlockParameters parameters = BlockParameters.of(block).othersHidden();
      return PlannedOptimizer.of(
          parameters,
          Recipe.of(Parametrizations.SP, rule).withLearningRate(rate).plan(parameters.parameters()),
          settings);
    };
  }

  /** In standard parametrization every factor is 1, and DJL's own optimizers do the same. */
  @Test
  void trainsLikeDjlsOwnOptimizersInStandardParametrization() {
    compare(
        Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build(),
        planned(UpdateRules.ADAM, 0.01, OptimizerSettings.withDefaults()));
    compare(
        Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build(),
        planned(UpdateRules.SGD, 0.1, OptimizerSettings.withDefaults()));
    compare(
        Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).optMomentum(0.9f).build(),
        planned(
            UpdateRules.SGD, 0.1, OptimizerSettings.withDefaults().with(new Momentum(0.9, false))));
  }

  private static void compare(Optimizer theirs, OptimizerOf ours) {
    try (Model one = model();
        Model two = model()) {
      List<Float> expected = losses(block -> theirs, 0, 30, one);
      List<Float> found = losses(ours, 0, 30, two);
      assertThat(found.get(0)).isEqualTo(expected.get(0));
      for (int step = 0; step < 30; step++) {
        // Single precision, whose rounding training carries on.
        assertThat(found.get(step)).isCloseTo(expected.get(step), within(2e-4f));
      }
      assertThat(found.get(29)).isNotEqualTo(found.get(0));
    }
  }

  @Test
  void goesOnWithTheSameBits() throws IOException {
    for (UpdateRule rule :
        List.of(
            UpdateRules.SGD,
            UpdateRules.ADAM,
            UpdateRules.RMSPROP,
            UpdateRules.LION,
            UpdateRules.MUON)) {
      OptimizerSettings settings =
          OptimizerSettings.withDefaults().withSchedule((id, updates) -> 1f / (1 + updates));
      if (rule.equals(UpdateRules.SGD)) {
        settings = settings.with(new Momentum(0.9, true));
      }
      OptimizerOf fresh = planned(rule, 0.02, settings);
      try (Model whole = model();
          Model broken = model();
          Model resumed = model()) {
        List<Float> expected = losses(fresh, 0, 8, whole).subList(4, 8);
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        List<PlannedOptimizer> kept = new ArrayList<>();
        losses(
            block -> {
              PlannedOptimizer optimizer = (PlannedOptimizer) fresh.of(block);
              kept.add(optimizer);
              return optimizer;
            },
            0,
            4,
            broken);
        kept.get(0).save(state);
        ByteArrayOutputStream weights = new ByteArrayOutputStream();
        broken.getBlock().saveParameters(new DataOutputStream(weights));
        Block block = resumed.getBlock();
        try {
          block.loadParameters(
              resumed.getNDManager(),
              new DataInputStream(new ByteArrayInputStream(weights.toByteArray())));
        } catch (MalformedModelException impossible) {
          throw new AssertionError(impossible);
        }
        List<Float> found =
            losses(
                of -> {
                  PlannedOptimizer optimizer = (PlannedOptimizer) fresh.of(of);
                  load(optimizer, state.toByteArray());
                  // What was loaded and not yet used is saved as it is.
                  assertThat(saved(optimizer)).isEqualTo(state.toByteArray());
                  return optimizer;
                },
                4,
                8,
                resumed);
        assertThat(found).as(rule.id()).isEqualTo(expected);
      }
    }
  }

  private static void load(PlannedOptimizer optimizer, byte[] state) {
    try {
      optimizer.load(new ByteArrayInputStream(state));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] saved(PlannedOptimizer optimizer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      optimizer.save(out);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return out.toByteArray();
  }

  @Test
  void anotherStateIsRefused() {
    Layer layer = new Layer(DataType.FLOAT32);
    PlannedOptimizer adam =
        PlannedOptimizer.of(
            layer.parameters, spectral(UpdateRules.ADAM).plan(layer.parameters.parameters()));
    adam.update(layer.id("weight"), layer.weight, manager.ones(new Shape(4, 2)));
    byte[] state = saved(adam);
    PlannedOptimizer lion =
        PlannedOptimizer.of(
            layer.parameters, spectral(UpdateRules.LION).plan(layer.parameters.parameters()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(lion, state))
        .withMessageContaining("the state of 'weight' is that of adam");
    SequentialBlock other = network();
    other.initialize(manager, DataType.FLOAT32, new Shape(8, 5));
    PlannedOptimizer elsewhere =
        (PlannedOptimizer)
            planned(UpdateRules.ADAM, 0.1, OptimizerSettings.withDefaults()).of(other);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(elsewhere, state))
        .withMessageContaining("there is a state of 'weight'");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> adam.load(new ByteArrayInputStream(Arrays.copyOf(state, state.length - 1))))
        .withMessageContaining("the stream ends");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> adam.load(new ByteArrayInputStream(new byte[100])))
        .withMessageContaining("widthwise-djl-optimizer");
  }

  /** A step may leave its state behind and nothing else, in any manager. */
  @Test
  void stepsLeaveNothingBehind() {
    for (Direction direction : Directions.all()) {
      for (DecayForm form : List.of(DecayForm.CAUTIOUS, DecayForm.DECOUPLED)) {
        try (NDManager own = manager.newSubManager()) {
          Linear linear = Linear.builder().setUnits(4).build();
          linear.initialize(own, DataType.FLOAT32, new Shape(1, 2));
          BlockParameters parameters = BlockParameters.of(linear).othersHidden();
          PlannedOptimizer optimizer =
              PlannedOptimizer.of(
                  parameters,
                  spectral(direction.rule())
                      .withWeightDecay(0.1, WeightDecayConvention.FIXED)
                      .plan(parameters.parameters()),
                  OptimizerSettings.withDefaults().withDecay(form));
          NDArray weight = linear.getDirectParameters().get("weight").getArray();
          String id = linear.getDirectParameters().get("weight").getId();
          NDArray gradient = own.ones(new Shape(4, 2));
          int before = arrays(own);
          optimizer.update(id, weight, gradient);
          int state = arrays(own) - before;
          assertThat(state)
              .as("arrays of %s", direction)
              .isEqualTo(direction.initialState(gradient).size());
          int after = arrays(own) + arrays(system());
          for (int step = 0; step < 5; step++) {
            optimizer.update(id, weight, gradient);
          }
          assertThat(arrays(own) + arrays(system())).as("%s, %s", direction, form).isEqualTo(after);
        }
      }
    }
  }

  private NDManager system() {
    return manager.getParentManager();
  }

  private static int arrays(NDManager manager) {
    return manager.getManagedArrays().size();
  }

  /** Where autograd is on, as it is on every thread but the first. */
  @Test
  void stepsOnAnyThread() throws InterruptedException {
    for (Direction direction : Directions.all()) {
      for (DecayForm form : List.of(DecayForm.CAUTIOUS, DecayForm.RATE_FREE)) {
        Layer here = new Layer(DataType.FLOAT32);
        Layer there = new Layer(DataType.FLOAT32);
        there.weight.set(here.weight.toFloatArray());
        Recipe recipe =
            spectral(direction.rule()).withWeightDecay(0.1, WeightDecayConvention.FIXED);
        NDArray gradient = manager.create(new float[] {1, 2, -3, 4, 5, -6, 7, 8}, new Shape(4, 2));
        withDecay(here, recipe.plan(here.parameters.parameters()), form)
            .update(here.id("weight"), here.weight, gradient);
        Thread other =
            new Thread(
                () ->
                    withDecay(there, recipe.plan(there.parameters.parameters()), form)
                        .update(there.id("weight"), there.weight, gradient));
        other.start();
        other.join();
        assertThat(there.weight.toFloatArray())
            .as("%s, %s", direction, form)
            .isEqualTo(here.weight.toFloatArray());
      }
    }
  }

  /** 2⁻¹² added to 1 is nothing in half precision, but its state is not in half precision. */
  @Test
  void halfPrecisionHasItsStateInSingle() {
    Layer layer = new Layer(DataType.FLOAT16);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            layer.parameters,
            spectral(UpdateRules.SGD).plan(layer.parameters.parameters()),
            OptimizerSettings.withDefaults().with(new Momentum(0.5, false)));
    NDArray gradient = manager.ones(new Shape(4, 2), DataType.FLOAT16);
    optimizer.update(layer.id("weight"), layer.weight, gradient);
    assertThat(layer.weight.getDataType()).isEqualTo(DataType.FLOAT16);
    assertThat(new String(saved(optimizer), StandardCharsets.ISO_8859_1))
        .contains("FLOAT32")
        .doesNotContain("FLOAT16");
  }

  @Test
  void anUnknownIdIsExplained() {
    Layer layer = new Layer(DataType.FLOAT32);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            layer.parameters, spectral(UpdateRules.SGD).plan(layer.parameters.parameters()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> optimizer.update("uid-0", layer.weight, layer.weight))
        .withMessageContaining("'uid-0' of shape (4, 2)")
        .withMessageContaining("[weight, bias]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PlannedOptimizer.of(
                    layer.parameters,
                    spectral(UpdateRules.SGD).plan(layer.parameters.parameters()),
                    OptimizerSettings.withDefaults().with(Adam.withDefaults())))
        .withMessageContaining("directions were given for [adam]");
  }
}
