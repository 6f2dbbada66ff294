package org.widthwise.torch.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.train.Sgd;
import org.widthwise.torch.train.SgdOptions;

/** Against singular values by LAPACK in double precision, and loops over rows written out. */
final class MonitorTest {

  private static final MlpShape SHAPE = MlpShape.of(Activation.RELU, 12, 40, 30, 3).withBias(true);

  /** Twice the tolerance of the search, which never overestimates. */
  private static final Percentage SEARCH = Percentage.withPercentage(0.2);

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static Plan plan(UpdateRule rule) {
    return Recipe.of(Parametrizations.SPECTRAL, rule)
        .withLearningRate(0.1)
        .plan(MlpParameters.of(SHAPE));
  }

  private static Mlp network(long seed) {
    Mlp network = new Mlp(SHAPE);
    PlannedModule.initialize(
        network, plan(UpdateRules.SGD), InitScheme.GAUSSIAN, torch.createCPUGenerator(seed));
    return network;
  }

  private static Tensor gaussian(long seed, long... shape) {
    Generator generator = torch.createCPUGenerator(seed);
    return torch.randn(
        shape, new GeneratorOptional(generator), new TensorOptions(ScalarType.Float));
  }

  private static void add(Tensor parameter, Tensor update) {
    try (NoGradGuard guard = new NoGradGuard()) {
      parameter.add_(update);
    }
  }

  private static double lapack(Tensor matrix) {
    return torch.linalg_svdvals(matrix.toType(ScalarType.Double)).max().item_double();
  }

  private static double frobenius(Tensor matrix) {
    return matrix.toType(ScalarType.Double).square().sum().sqrt().item_double();
  }

  /** The mean over rows of ‖A h‖ / (‖A‖₂ ‖h‖). */
  private static double alignment(Tensor matrix, Tensor rows) {
    Tensor a = matrix.toType(ScalarType.Double);
    double sum = 0;
    for (long i = 0; i < rows.size(0); i++) {
      Tensor h = rows.select(0, i).toType(ScalarType.Double);
      sum += frobenius(a.mv(h)) / frobenius(h);
    }
    return sum / rows.size(0) / lapack(matrix);
  }

  private static double meanNatural(Tensor rows) {
    double sum = 0;
    for (long i = 0; i < rows.size(0); i++) {
      sum += frobenius(rows.select(0, i)) / Math.sqrt((double) rows.size(1));
    }
    return sum / rows.size(0);
  }

  private static MonitorOptions everyStep() {
    return MonitorOptions.withDefaults().withCadence(Cadence.every(1));
  }

  private static double value(Observation observation, String parameter, Quantity quantity) {
    return observation.layer(parameter).value(quantity).orElseThrow();
  }

  @Test
  void allQuantitiesOfAHiddenLayer() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      Tensor probe = gaussian(2, 7, 12);
      Tensor start = network.weight(1).detach().clone();
      Tensor startFeatures = network.forwardFeatures(probe).get(1).detach();
      try (Monitor monitor =
          Monitor.of(network, plan(UpdateRules.SGD), everyStep())
              .probing(probe, network::forward)) {
        add(network.weight(0), gaussian(3, 40, 12).mul_(new Scalar(0.05)));
        add(network.weight(1), gaussian(4, 30, 40).mul_(new Scalar(0.1)));
        monitor.afterStep(1);
        List<Tensor> features = network.forwardFeatures(probe);
        Tensor incoming = features.get(0).detach().relu();
        Tensor second = gaussian(5, 30, 2).mm(gaussian(6, 2, 40)).mul_(new Scalar(0.02));
        add(network.weight(1), second);

        Observation seen = monitor.afterStep(2).orElseThrow();

        String name = Mlp.weightName(1);
        double target = Math.sqrt(30.0 / 40);
        Tensor now = network.weight(1).detach();
        Tensor change = now.sub(start);
        assertThat(seen.layer(name).target()).isEqualTo(target);
        assertThat(value(seen, name, Quantity.WEIGHT)).isCloseTo(lapack(now) / target, SEARCH);
        assertThat(value(seen, name, Quantity.WEIGHT_STABLE_RANK))
            .isCloseTo(Math.pow(frobenius(now) / lapack(now), 2), SEARCH);
        assertThat(value(seen, name, Quantity.WEIGHT_ALIGNMENT))
            .isCloseTo(alignment(now, incoming), SEARCH);
        assertThat(value(seen, name, Quantity.UPDATE)).isCloseTo(lapack(second) / target, SEARCH);
        assertThat(value(seen, name, Quantity.UPDATE_STABLE_RANK))
            .isCloseTo(Math.pow(frobenius(second) / lapack(second), 2), SEARCH)
            .isLessThan(2.01);
        assertThat(value(seen, name, Quantity.UPDATE_ALIGNMENT))
            .isCloseTo(alignment(second, incoming), SEARCH);
        assertThat(value(seen, name, Quantity.CHANGE)).isCloseTo(lapack(change) / target, SEARCH);
        assertThat(value(seen, name, Quantity.CHANGE_STABLE_RANK))
            .isCloseTo(Math.pow(frobenius(change) / lapack(change), 2), SEARCH);
        assertThat(value(seen, name, Quantity.CHANGE_ALIGNMENT))
            .isCloseTo(alignment(change, incoming), SEARCH);
        Tensor newFeatures = network.forwardFeatures(probe).get(1).detach();
        Percentage rounding = Percentage.withPercentage(1e-3);
        assertThat(value(seen, name, Quantity.FEATURE))
            .isCloseTo(meanNatural(newFeatures), rounding);
        assertThat(value(seen, name, Quantity.FEATURE_UPDATE))
            .isCloseTo(meanNatural(newFeatures.sub(features.get(1).detach())), rounding);
        assertThat(value(seen, name, Quantity.FEATURE_CHANGE))
            .isCloseTo(meanNatural(newFeatures.sub(startFeatures)), rounding);
      }
    }
  }

  @Test
  void vectorsAreMeasuredByTheirLength() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      try (Monitor monitor = Monitor.of(network, plan(UpdateRules.SGD), everyStep())) {
        Tensor update = gaussian(8, 40);
        add(network.bias(0), update);

        Observation seen = monitor.afterStep(1).orElseThrow();

        // From zero, so that weight, update and change are one vector.
        double size = frobenius(update) / Math.sqrt(40);
        String name = Mlp.biasName(0);
        assertThat(seen.layer(name).values().keySet())
            .containsExactly(Quantity.WEIGHT, Quantity.UPDATE, Quantity.CHANGE);
        assertThat(value(seen, name, Quantity.WEIGHT)).isCloseTo(size, within(1e-6));
        assertThat(value(seen, name, Quantity.UPDATE)).isCloseTo(size, within(1e-6));
        assertThat(value(seen, name, Quantity.CHANGE)).isCloseTo(size, within(1e-6));
        assertThat(value(seen, Mlp.biasName(1), Quantity.UPDATE)).isZero();
        assertThat(value(seen, Mlp.weightName(1), Quantity.UPDATE_STABLE_RANK)).isNaN();
      }
    }
  }

  /** The handle that a module gives back is void once it has another parameter. */
  private static Tensor register(Module module, String name, Tensor values) {
    module.register_parameter(name, values);
    return values.detach();
  }

  @Test
  void otherRolesInTheirOwnNorms() {
    try (PointerScope scope = new PointerScope()) {
      Module module = new Module("roles");
      Tensor kernel = register(module, "kernel", gaussian(11, 6, 10, 3, 3));
      Tensor table = register(module, "table", gaussian(12, 50, 16));
      Tensor gain = register(module, "gain", gaussian(13, 16));
      Tensor scalar = register(module, "scalar", gaussian(14, 1));
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
              .plan(
                  List.of(
                      new Parameter(
                          "kernel", ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 6, 10, 3, 3)),
                      new Parameter("table", ParameterShape.embedding(50, 16)),
                      new Parameter("gain", ParameterShape.of(Role.GAIN, Layer.HIDDEN, 16)),
                      new Parameter("scalar", ParameterShape.of(Role.SCALAR, Layer.HIDDEN, 1))));
      Tensor images = gaussian(15, 2, 10, 5, 4);
      try (Monitor monitor =
          Monitor.of(module, plan, everyStep())
              .probing(
                  images,
                  (inputs, tap) -> {
                    Tensor output = convolved(inputs, kernel);
                    tap.observe("kernel", inputs, output);
                    return output;
                  })) {
        Observation seen = monitor.afterStep(1).orElseThrow();

        double largest = 0;
        Tensor worst = kernel;
        for (long y = 0; y < 3; y++) {
          for (long x = 0; x < 3; x++) {
            Tensor slice = kernel.detach().select(3, x).select(2, y);
            if (lapack(slice) > largest) {
              largest = lapack(slice);
              worst = slice;
            }
          }
        }
        List<Tensor> pixels = new ArrayList<>();
        for (long image = 0; image < 2; image++) {
          for (long y = 0; y < 5; y++) {
            for (long x = 0; x < 4; x++) {
              pixels.add(images.select(0, image).select(1, y).select(1, x).unsqueeze(0));
            }
          }
        }
        Tensor rows = torch.cat(new TensorVector(pixels.toArray(Tensor[]::new)), 0);
        double target = Math.sqrt(6.0 / 10);
        assertThat(value(seen, "kernel", Quantity.WEIGHT)).isCloseTo(largest / target, SEARCH);
        assertThat(value(seen, "kernel", Quantity.WEIGHT_STABLE_RANK))
            .isCloseTo(Math.pow(frobenius(worst) / largest, 2), SEARCH);
        assertThat(value(seen, "kernel", Quantity.WEIGHT_ALIGNMENT))
            .isCloseTo(alignment(worst, rows), SEARCH);
        Tensor output = convolved(images, kernel).detach().flatten(2, -1).transpose(1, 2);
        assertThat(value(seen, "kernel", Quantity.FEATURE))
            .isCloseTo(meanNatural(output.reshape(-1, 6)), within(1e-5));

        double longest = 0;
        for (long row = 0; row < 50; row++) {
          longest = Math.max(longest, frobenius(table.detach().select(0, row)));
        }
        Offset<Double> rounding = within(1e-6);
        assertThat(value(seen, "table", Quantity.WEIGHT)).isCloseTo(longest / 4, rounding);
        assertThat(value(seen, "gain", Quantity.WEIGHT))
            .isCloseTo(frobenius(gain.detach()) / 4, rounding);
        assertThat(value(seen, "scalar", Quantity.WEIGHT))
            .isCloseTo(Math.abs(scalar.item_double()), rounding);
      }
    }
  }

  private static Tensor convolved(Tensor images, Tensor kernel) {
    long[] ones = {1, 1};
    return torch.conv2d(images, kernel, new TensorOptional(), ones, new long[] {0, 0}, ones, 1);
  }

  @Test
  void stacksAreMeasuredMapByMap() {
    try (PointerScope scope = new PointerScope()) {
      Module module = new Module("stacks");
      Tensor fused = register(module, "fused", gaussian(31, 15, 7));
      Tensor grouped = register(module, "grouped", gaussian(32, 6, 5, 3));
      Tensor turned = register(module, "turned", gaussian(33, 4, 6, 2));
      Tensor biases = register(module, "biases", gaussian(34, 15));
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
              .plan(
                  List.of(
                      new Parameter("fused", ParameterShape.matrix(Layer.HIDDEN, 15, 7).stacked(3)),
                      new Parameter(
                          "grouped",
                          ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 6, 5, 3).stacked(2)),
                      new Parameter(
                          "turned",
                          ParameterShape.of(Role.TRANSPOSED_CONVOLUTION, Layer.HIDDEN, 4, 6, 2)),
                      new Parameter("biases", ParameterShape.bias(Layer.HIDDEN, 15).stacked(3))));
      Tensor signal = gaussian(35, 2, 10, 4);
      try (Monitor monitor =
          Monitor.of(module, plan, everyStep())
              .probing(
                  signal,
                  (inputs, tap) -> {
                    tap.observe("grouped", inputs, inputs);
                    return inputs;
                  })) {
        Observation seen = monitor.afterStep(1).orElseThrow();

        double largest = 0;
        for (long map = 0; map < 3; map++) {
          largest = Math.max(largest, lapack(fused.narrow(0, 5 * map, 5)));
        }
        assertThat(value(seen, "fused", Quantity.WEIGHT))
            .isCloseTo(largest / Math.sqrt(5.0 / 7), SEARCH);
        largest = 0;
        double aligned = Double.NaN;
        for (long group = 0; group < 2; group++) {
          for (long position = 0; position < 3; position++) {
            Tensor map = grouped.narrow(0, 3 * group, 3).select(2, position);
            if (lapack(map) > largest) {
              largest = lapack(map);
              Tensor share = signal.narrow(1, 5 * group, 5).transpose(1, 2).reshape(-1, 5);
              aligned = alignment(map, share);
            }
          }
        }
        assertThat(value(seen, "grouped", Quantity.WEIGHT))
            .isCloseTo(largest / Math.sqrt(3.0 / 5), SEARCH);
        assertThat(value(seen, "grouped", Quantity.WEIGHT_ALIGNMENT)).isCloseTo(aligned, SEARCH);
        largest = Math.max(lapack(turned.select(2, 0)), lapack(turned.select(2, 1)));
        assertThat(value(seen, "turned", Quantity.WEIGHT))
            .isCloseTo(largest / Math.sqrt(6.0 / 4), SEARCH);
        largest = 0;
        for (long map = 0; map < 3; map++) {
          largest = Math.max(largest, frobenius(biases.narrow(0, 5 * map, 5)));
        }
        assertThat(value(seen, "biases", Quantity.WEIGHT))
            .isCloseTo(largest / Math.sqrt(5), within(1e-6));
      }
    }
  }

  @Test
  void halfPrecisionIsMeasuredToo() {
    try (PointerScope scope = new PointerScope()) {
      Module module = new Module("half");
      Tensor weight = register(module, "weight", gaussian(21, 20, 30).toType(ScalarType.BFloat16));
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
              .plan(List.of(new Parameter("weight", ParameterShape.matrix(Layer.HIDDEN, 20, 30))));
      try (Monitor monitor = Monitor.of(module, plan, everyStep())) {
        Observation seen = monitor.afterStep(1).orElseThrow();
        assertThat(value(seen, "weight", Quantity.WEIGHT))
            .isCloseTo(lapack(weight.detach()) / Math.sqrt(20.0 / 30), SEARCH);
      }
    }
  }

  @Test
  void whatWasNotAskedForIsAbsent() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      MonitorOptions options = everyStep().withSinceStart(false);
      try (Monitor monitor = Monitor.of(network, plan(UpdateRules.SGD), options)) {
        Observation seen = monitor.afterStep(1).orElseThrow();
        assertThat(seen.layer(Mlp.weightName(1)).values().keySet())
            .containsExactly(
                Quantity.WEIGHT,
                Quantity.WEIGHT_STABLE_RANK,
                Quantity.UPDATE,
                Quantity.UPDATE_STABLE_RANK);
      }
    }
  }

  @Test
  void theStartHasSizesOfWeightsAndFeatures() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      Tensor probe = gaussian(2, 7, 12);
      List<Long> steps = new ArrayList<>();
      try (Monitor monitor =
          Monitor.of(network, plan(UpdateRules.SGD), everyStep())
              .probing(probe, network::forward)
              .to(observation -> steps.add(observation.step()))) {
        Observation seen = monitor.observeStart();
        String name = Mlp.weightName(1);
        assertThat(seen.measured()).containsExactly(Quantity.values());
        assertThat(seen.layer(name).values().keySet())
            .containsExactly(
                Quantity.WEIGHT,
                Quantity.WEIGHT_STABLE_RANK,
                Quantity.WEIGHT_ALIGNMENT,
                Quantity.FEATURE);
        assertThat(value(seen, name, Quantity.WEIGHT))
            .isCloseTo(lapack(network.weight(1).detach()) / Math.sqrt(30.0 / 40), SEARCH);
        assertThat(value(seen, name, Quantity.FEATURE))
            .isCloseTo(meanNatural(network.forwardFeatures(probe).get(1).detach()), within(1e-6));
        monitor.afterStep(1);
        assertThat(steps).containsExactly(0L, 1L);
        assertThatThrownBy(monitor::observeStart).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void aTableThatThePlanTakesForAMatrixShowsItsFeatures() {
    try (PointerScope scope = new PointerScope()) {
      Module module = new Module("lookup");
      Tensor table = register(module, "table", gaussian(41, 9, 6));
      Plan plan =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
              .plan(List.of(new Parameter("table", ParameterShape.matrix(Layer.INPUT, 9, 6))));
      Tensor tokens = torch.arange(new Scalar(9)).toType(ScalarType.Long);
      try (Monitor monitor =
          Monitor.of(module, plan, everyStep())
              .probing(
                  tokens,
                  (inputs, tap) -> {
                    Tensor rows = table.index_select(0, inputs);
                    tap.observe("table", inputs, rows);
                    return rows;
                  })) {
        assertThat(value(monitor.observeStart(), "table", Quantity.FEATURE))
            .isCloseTo(meanNatural(table), within(1e-6));
      }
    }
  }

  @Test
  void outlivesTheScopeItWasMadeIn() {
    try (PointerScope outer = new PointerScope()) {
      Mlp network = network(1);
      Monitor monitor;
      try (PointerScope inner = new PointerScope()) {
        Tensor probe = gaussian(2, 7, 12);
        monitor =
            Monitor.of(network, plan(UpdateRules.SGD), everyStep())
                .probing(probe, network::forward);
      }
      for (int step = 1; step <= 3; step++) {
        try (PointerScope inner = new PointerScope()) {
          add(network.weight(1), gaussian(step, 30, 40));
          Observation seen = monitor.afterStep(step).orElseThrow();
          assertThat(value(seen, Mlp.weightName(1), Quantity.FEATURE_UPDATE)).isPositive();
        }
      }
      monitor.close();
    }
  }

  @Test
  void manyRowsAreThinnedEvenly() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      Tensor probe = gaussian(2, 3000, 12);
      try (Monitor monitor =
          Monitor.of(network, plan(UpdateRules.SGD), everyStep())
              .probing(probe, network::forward)) {
        Observation seen = monitor.afterStep(1).orElseThrow();
        List<Tensor> rows = new ArrayList<>();
        Tensor all = network.forwardFeatures(probe).get(1).detach();
        for (long row = 0; row < 3000; row += 3) {
          rows.add(all.select(0, row).unsqueeze(0));
        }
        Tensor some = torch.cat(new TensorVector(rows.toArray(Tensor[]::new)), 0);
        assertThat(value(seen, Mlp.weightName(1), Quantity.FEATURE))
            .isCloseTo(meanNatural(some), within(1e-6));
      }
    }
  }

  @Test
  void looksAtDoublingStepsAndThenRegularly() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      MonitorOptions options = MonitorOptions.withDefaults().withCadence(Cadence.every(50));
      List<Long> seen = new ArrayList<>();
      try (Monitor monitor =
          Monitor.of(network, plan(UpdateRules.SGD), options)
              .to(observation -> seen.add(observation.step()))) {
        // A training that is resumed counts its own steps from the first.
        for (long step = 1001; step <= 1240; step++) {
          monitor.afterStep(step);
        }
        assertThat(seen)
            .containsExactly(1001L, 1002L, 1004L, 1008L, 1016L, 1032L, 1064L, 1114L, 1164L, 1214L);
        assertThatThrownBy(() -> monitor.afterStep(1240))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("step 1240 comes after 1240");
      }
    }
  }

  @Test
  void keepsToItsBudgetByItsOwnClock() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      // A step takes 1 and an observation 10, of which the clock is told by the listener.
      long[] clock = {0};
      MonitorOptions options =
          MonitorOptions.withDefaults().withCadence(Cadence.withDefaults().withBudget(0.05));
      List<Long> seen = new ArrayList<>();
      try (Monitor monitor =
          Monitor.of(network, plan(UpdateRules.SGD), options, () -> clock[0])
              .to(
                  observation -> {
                    clock[0] += 10;
                    seen.add(observation.step());
                  })) {
        for (long step = 1; step <= 3000; step++) {
          clock[0]++;
          monitor.afterStep(step);
        }
      }
      // The first three took 30. The fourth is due when 30 + 10 <= 0.05 t, after 800 steps; it is
      // decided one step ahead.
      assertThat(seen.subList(0, 5)).containsExactly(1L, 2L, 4L, 801L, 1001L);
      assertThat(seen.size() * 10.0 / 3000).isLessThanOrEqualTo(0.05);
    }
  }

  @Test
  void anUpdateIsThatOfOneStepOrNone() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      try (Monitor monitor = Monitor.of(network, plan(UpdateRules.SGD), everyStep())) {
        assertThat(monitor.afterStep(1)).isPresent();
        Observation seen = monitor.afterStep(10).orElseThrow();
        assertThat(seen.layer(Mlp.weightName(1)).value(Quantity.UPDATE)).isEmpty();
        assertThat(seen.layer(Mlp.weightName(1)).value(Quantity.CHANGE)).isPresent();
      }
    }
  }

  @Test
  void trainingTakesTheSameCourse() {
    assertThat(lossAfterTraining(true)).isEqualTo(lossAfterTraining(false));
  }

  private static double lossAfterTraining(boolean watched) {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      Tensor inputs = gaussian(2, 7, 12);
      Tensor targets = gaussian(3, 7, 3);
      Sgd optimizer = PlannedModule.sgd(network, plan(UpdateRules.SGD), SgdOptions.plain());
      Monitor monitor =
          Monitor.of(network, plan(UpdateRules.SGD), everyStep()).probing(inputs, network::forward);
      for (int step = 1; step <= 10; step++) {
        optimizer.zeroGradients();
        torch.mse_loss(network.forward(inputs), targets).backward();
        optimizer.step();
        if (watched) {
          monitor.afterStep(step);
        }
      }
      monitor.close();
      return torch.mse_loss(network.forward(inputs), targets).item_double();
    }
  }

  @Test
  void refusesAPlanOfAnotherModule() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = network(1);
      Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD);
      assertThatThrownBy(
              () ->
                  Monitor.of(
                      network,
                      recipe.plan(
                          List.of(
                              new Parameter("head", ParameterShape.matrix(Layer.READOUT, 3, 30))))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'head'")
          .hasMessageContaining("layers.0.weight");
      assertThatThrownBy(
              () ->
                  Monitor.of(
                      network,
                      recipe.plan(MlpParameters.of(MlpShape.of(Activation.RELU, 12, 40, 31, 3)))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[31, 40]")
          .hasMessageContaining("1200 entries");
    }
  }
}
