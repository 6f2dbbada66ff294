package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.monitor.Cadence;
import org.widthwise.torch.monitor.LayerSizes;
import org.widthwise.torch.monitor.Monitor;
import org.widthwise.torch.monitor.MonitorOptions;
import org.widthwise.torch.monitor.Observation;
import org.widthwise.torch.monitor.Quantity;
import org.widthwise.torch.nn.FeatureTap;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.plan.Declarations;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.ModuleParameters;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/** The examples of {@code docs/check-your-network.md}, which the house tests compare with it. */
final class CheckYourNetworkTest {

  // network: begin
  /** From one character to the next: a table, a map between features, a readout. */
  static final class YourNetwork extends Module implements Network {

    private final EmbeddingImpl table;
    private final LinearImpl hidden;
    private final LinearImpl readout;

    YourNetwork(int characters, int width) {
      super("YourNetwork");
      table = register_module("table", new EmbeddingImpl(characters, width));
      hidden = register_module("hidden", new LinearImpl(width, width));
      readout = register_module("readout", new LinearImpl(width, characters));
    }

    @Override
    public Tensor forward(Tensor tokens, FeatureTap tap) {
      Tensor embedded = table.forward(tokens);
      tap.observe("table.weight", tokens, embedded);
      Tensor features = hidden.forward(embedded);
      tap.observe("hidden.weight", embedded, features);
      Tensor active = torch.relu(features);
      Tensor output = readout.forward(active);
      tap.observe("readout.weight", active, output);
      return output;
    }

    @Override
    public Module module() {
      return this;
    }
  }

  // network: end

  private static final int CHARACTERS = 16;

  // check: begin
  private static final double[] WIDTHS = {32, 64, 128, 256};
  private static final int TRIALS = 2;
  private static final int STEPS = 4;

  /** A quantity of each parameter after the last step, by trial and width. */
  static Map<String, double[][]> measure(Recipe recipe, Quantity quantity) {
    Map<String, double[][]> values = new LinkedHashMap<>();
    for (int trial = 0; trial < TRIALS; trial++) {
      for (int i = 0; i < WIDTHS.length; i++) {
        int width = (int) WIDTHS[i];
        try (PointerScope scope = new PointerScope()) {
          YourNetwork network = new YourNetwork(CHARACTERS, width);
          YourNetwork wider = new YourNetwork(CHARACTERS, 2 * width);
          Plan plan = recipe.plan(ModuleParameters.of(network, wider, Declarations.none()));
          PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(trial));
          for (LayerSizes layer : train(network, plan)) {
            values
                    .computeIfAbsent(layer.parameter(), name -> new double[TRIALS][WIDTHS.length])[
                    trial][i] =
                layer.value(quantity).orElse(Double.NaN);
          }
        }
      }
    }
    return values;
  }

  private static List<LayerSizes> train(Network network, Plan plan) {
    Tensor characters = torch.arange(new Scalar(CHARACTERS));
    Tensor inputs = characters.toType(ScalarType.Long);
    Tensor next = inputs.roll(1);
    PlannedOptimizer optimizer = PlannedOptimizer.of(network.module(), plan);
    MonitorOptions everyStep = MonitorOptions.withDefaults().withCadence(Cadence.every(1));
    try (Monitor monitor =
        Monitor.of(network.module(), plan, everyStep).probing(inputs, network::forward)) {
      for (int step = 1; ; step++) {
        optimizer.zeroGradients();
        torch.cross_entropy_loss(network.forward(inputs), next).backward();
        optimizer.step();
        Observation seen = monitor.afterStep(step).orElseThrow();
        if (step == STEPS) {
          return seen.layers();
        }
      }
    }
  }

  // check: end

  private static Map<String, double[][]> measure(
      Parametrization parametrization, double rate, Quantity what) {
    Libtorch.load();
    return measure(Recipe.of(parametrization, UpdateRules.ADAM).withLearningRate(rate), what);
  }

  private static PowerLawFit slope(Map<String, double[][]> values, String parameter) {
    // judge: begin
    PowerLawFit fit = PowerLaw.fitTrials(WIDTHS, Objects.requireNonNull(values.get(parameter)));
    Verdict verdict = ExponentClaim.of(0, 0.2).judge(fit);
    // judge: end
    assertThat(verdict).isNotNull();
    return fit;
  }

  @Test
  void aRightPlanIsFlat() {
    for (Quantity quantity : new Quantity[] {Quantity.UPDATE, Quantity.FEATURE_CHANGE}) {
      Map<String, double[][]> values = measure(Parametrizations.SPECTRAL, 0.02, quantity);
      assertThat(values)
          .containsOnlyKeys(
              "table.weight", "hidden.weight", "hidden.bias", "readout.weight", "readout.bias");
      for (String parameter : new String[] {"table.weight", "hidden.weight", "readout.weight"}) {
        assertThat(slope(values, parameter).exponent())
            .as("%s of %s", quantity, parameter)
            .isBetween(-0.25, 0.25);
      }
    }
  }

  /** Adam's updates grow with the width if its rate does not fall. */
  @Test
  void standardParametrizationIsNot() {
    Map<String, double[][]> values = measure(Parametrizations.SP, 1e-4, Quantity.UPDATE);
    PowerLawFit fit = slope(values, "hidden.weight");
    assertThat(fit.exponent()).isBetween(0.75, 1.25);
    assertThat(ExponentClaim.of(0, 0.2).judge(fit)).isEqualTo(Verdict.FAILS);
  }
}
