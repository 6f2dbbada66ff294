package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.monitor.Cadence;
import org.widthwise.torch.monitor.LayerSizes;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorOptions;
import org.widthwise.torch.monitor.Observation;
import org.widthwise.torch.monitor.Quantity;
import org.widthwise.torch.nn.FeatureTap;
import org.widthwise.torch.nn.Network;

/** Convolutions whose groups become more with the width, as depthwise ones. */
final class DepthwiseTest {

  private static final double[] WIDTHS = {32, 64, 128, 256};
  private static final int TRIALS = 3;
  private static final int IMAGES = 16;
  private static final int CLASSES = 4;

  /** Channels of images, each by itself, mixed, averaged over the image. */
  private static final class Separable extends Module implements Network {

    private final Conv2dImpl stem;
    private final Conv2dImpl depthwise;
    private final Conv2dImpl pointwise;
    private final LinearImpl readout;

    Separable(int width, int groups) {
      super("Separable");
      stem = register_module("stem", convolution(3, width, 3, 1));
      depthwise = register_module("depthwise", convolution(width, width, 3, groups));
      pointwise = register_module("pointwise", convolution(width, width, 1, 1));
      readout = register_module("readout", new LinearImpl(width, CLASSES));
    }

    private static Conv2dImpl convolution(int in, int out, long kernel, int groups) {
      Conv2dOptions options = new Conv2dOptions(in, out, new LongPointer(kernel, kernel));
      options.groups().put(groups);
      options.bias().put(false);
      return new Conv2dImpl(options);
    }

    @Override
    public Tensor forward(Tensor images, FeatureTap tap) {
      Tensor x = torch.relu(observed(tap, "stem", stem, images));
      x = torch.relu(observed(tap, "depthwise", depthwise, x));
      x = torch.relu(observed(tap, "pointwise", pointwise, x));
      Tensor pooled = x.mean(2, 3);
      Tensor output = readout.forward(pooled);
      tap.observe("readout.weight", pooled, output);
      return output;
    }

    private static Tensor observed(FeatureTap tap, String name, Conv2dImpl layer, Tensor inputs) {
      Tensor outputs = layer.forward(inputs);
      tap.observe(name + ".weight", inputs, outputs);
      return outputs;
    }

    @Override
    public Module module() {
      return this;
    }
  }

  /** Updates over their targets after a step, by parameter, trial and width. */
  private static Map<String, double[][]> updates(Recipe recipe, int channelsInGroup) {
    Map<String, double[][]> values = new LinkedHashMap<>();
    for (int trial = 0; trial < TRIALS; trial++) {
      for (int i = 0; i < WIDTHS.length; i++) {
        int width = (int) WIDTHS[i];
        try (PointerScope scope = new PointerScope()) {
          Separable network = new Separable(width, width / channelsInGroup);
          Separable wider = new Separable(2 * width, 2 * width / channelsInGroup);
          Plan plan = recipe.plan(ModuleParameters.of(network, wider, Declarations.none()));
          Generator generator = Initializer.seeded(trial);
          PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, generator);
          for (LayerSizes layer : step(network, plan, generator)) {
            values
                    .computeIfAbsent(layer.parameter(), name -> new double[TRIALS][WIDTHS.length])[
                    trial][i] =
                layer.value(Quantity.UPDATE).orElse(Double.NaN);
          }
        }
      }
    }
    return values;
  }

  private static List<LayerSizes> step(Network network, Plan plan, Generator generator) {
    Tensor images =
        torch.randn(
            new long[] {IMAGES, 3, 8, 8},
            new GeneratorOptional(generator),
            new TensorOptions(ScalarType.Float));
    // Most of one class: of equal shares the mean over the batch vanishes as initial outputs do.
    Tensor classes =
        torch
            .arange(new Scalar(IMAGES))
            .sub(new Scalar(IMAGES - CLASSES))
            .clamp_min(new Scalar(0))
            .toType(ScalarType.Long);
    PlannedOptimizer optimizer = PlannedOptimizer.of(network.module(), plan);
    MonitorOptions everyStep = MonitorOptions.withDefaults().withCadence(Cadence.every(1));
    try (Monitor monitor = Monitor.of(network.module(), plan, everyStep)) {
      optimizer.zeroGradients();
      torch.cross_entropy_loss(network.forward(images), classes).backward();
      optimizer.step();
      Observation seen = monitor.afterStep(1).orElseThrow();
      return seen.layers();
    }
  }

  /**
   * Eq. 20 is about a whole layer; a group's gradient is as many times smaller as there are groups,
   * so a rate of fan-out / fan-in of a group would let it fall behind as 1/width. With an ε above
   * all gradients Adam is gradient descent, up to what ε scales by.
   */
  @ParameterizedTest
  @CsvSource({"sgd, 1e-8, 1", "adam, 1e-8, 1", "adam, 10, 1", "muon, 1e-8, 1", "sgd, 1e-8, 8"})
  void updatesDoNotFallBehindWithTheNumberOfGroups(String rule, double epsilon, int channels) {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.named(rule))
            .withLearningRate(0.1)
            .withEpsilon(epsilon)
            .withGain(Math.sqrt(2));
    updates(recipe, channels)
        .forEach(
            (parameter, values) ->
                assertThat(PowerLaw.fitTrials(WIDTHS, values).exponent())
                    .as(parameter)
                    .isBetween(-0.2, 0.2));
  }
}
