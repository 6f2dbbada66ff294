package org.widthwise.lab.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.EpsilonConvention;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.optim.DecayForm;
import org.widthwise.torch.optim.Momentum;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.plan.Declarations;
import org.widthwise.torch.plan.ModuleParameters;
import org.widthwise.torch.plan.NamedTensors;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/**
 * The examples of {@code docs/from-mup.md}, which the house tests compare with it. That they train
 * as microsoft/mup does, on the same weights and batches, is {@code MupParityTest}'s.
 */
final class FromMupTest {

  private static final double RATE = 0.01;
  private static final double DECAY = 0.1;
  private static final double M = 4;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static final class Perceptron extends Module {
    private final LinearImpl fc1;
    private final LinearImpl fc2;
    private final LinearImpl head;

    Perceptron(int width) {
      super("Perceptron");
      fc1 = register_module("fc1", new LinearImpl(6, width));
      fc2 = register_module("fc2", new LinearImpl(width, width));
      head = register_module("head", new LinearImpl(width, 3));
    }

    Tensor apply(Tensor x) {
      return head.forward(fc2.forward(fc1.forward(x).relu()).relu());
    }
  }

  private static Plan plan(Recipe recipe) {
    Perceptron base = new Perceptron(8);
    Perceptron network = new Perceptron((int) (8 * M));
    // base-shapes: begin
    Plan plan =
        recipe.planRelativeTo(
            ModuleParameters.of(network, base, Declarations.none()),
            ModuleParameters.of(base, network, Declarations.none()));
    // base-shapes: end
    return plan;
  }

  private static Recipe muAdam() {
    // mu-adam: begin
    Recipe recipe =
        Recipe.of(Parametrizations.MUP, UpdateRules.ADAM)
            .withLearningRate(0.01)
            .withWeightDecay(0.1, WeightDecayConvention.INDEPENDENT)
            .withEpsilon(1e-8)
            .withEpsilonConvention(EpsilonConvention.FIXED);
    OptimizerSettings coupled = OptimizerSettings.withDefaults().withDecay(DecayForm.COUPLED);
    // mu-adam: end
    assertThat(coupled.decay()).isEqualTo(DecayForm.COUPLED);
    return recipe;
  }

  // as-mup: begin
  /** A plan with mup's ε at an untied readout, and its decay there if mup's differs. */
  static Plan asMup(Plan plan, String readout, double m, boolean decayDiffers) {
    Scale ours = plan.get(readout).scale();
    Scale theirs =
        new Scale(
            ours.initMean(),
            ours.initStd(),
            ours.learningRate(),
            ours.multiplier(),
            ours.branchMultiplier(),
            ours.weightDecay() * (decayDiffers ? m : 1),
            OptionalDouble.of(ours.epsilon().orElseThrow() * m),
            ours.targetSpectralNorm());
    return Plan.of(
        plan.recipe(),
        plan.parameters().stream()
            .map(row -> row.name().equals(readout) ? row.withScale(theirs) : row)
            .toList());
  }

  // as-mup: end

  /** What MuAdam's groups have for V, the readout's weight under 1/m, said of W = V/m. */
  @Test
  void aPlanRelativeToTwoModulesHasTheRatesOfMuAdam() {
    try (PointerScope scope = new PointerScope()) {
      Plan plan = plan(muAdam());
      assertThat(plan.get("fc1.weight").scale().learningRate()).isEqualTo(RATE);
      assertThat(plan.get("fc2.weight").scale().learningRate()).isEqualTo(RATE / M);
      assertThat(plan.get("fc2.weight").scale().weightDecay()).isCloseTo(DECAY * M, within(1e-15));
      assertThat(plan.get("fc2.bias").scale().learningRate()).isEqualTo(RATE);
      Plan theirs = asMup(plan, "head.weight", M, true);
      Scale head = theirs.get("head.weight").scale();
      assertThat(head.learningRate()).isEqualTo(RATE / M);
      assertThat(head.epsilon().orElseThrow()).isCloseTo(1e-8 * M, within(1e-20));
      assertThat(head.weightDecay()).isCloseTo(DECAY * M * M, within(1e-14));
      assertThat(theirs.get("fc2.weight")).isEqualTo(plan.get("fc2.weight"));
    }
  }

  @Test
  void baseShapesAreSavedAsAPlan(@TempDir Path directory) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Recipe recipe = muAdam();
      Perceptron base = new Perceptron(8);
      Perceptron network = new Perceptron((int) (8 * M));
      Path file = directory.resolve("base.json");
      // save-base: begin
      Declarations ends = Declarations.none().input("fc1").readout("head");
      Plan tuned = recipe.plan(ModuleParameters.of(base, ends));
      PlanFile.of(tuned).write(file);
      // save-base: end
      // load-base: begin
      Plan plan =
          recipe.planRelativeTo(ModuleParameters.of(network, ends), PlanFile.read(file).plan());
      // load-base: end
      for (String name : new String[] {"fc1.weight", "fc2.weight", "head.weight"}) {
        assertThat(plan.get(name)).isEqualTo(plan(recipe).get(name));
      }
      // By widths the first layer's bias is told to be a hidden one, by declarations the input's.
      Plan byWidths =
          recipe.planRelativeTo(
              ModuleParameters.of(network, base, Declarations.none()), PlanFile.read(file).plan());
      assertThat(byWidths.get("fc1.bias").shape().layer()).isEqualTo(Layer.HIDDEN);
      assertThat(plan.get("fc1.bias").shape().layer()).isEqualTo(Layer.INPUT);
      assertThat(byWidths.parameters())
          .extracting(PlannedParameter::scale)
          .isEqualTo(plan.parameters().stream().map(PlannedParameter::scale).toList());
    }
  }

  @Test
  void aModuleWithPyTorchsFirstValuesIsRescaledAndTrains() {
    try (PointerScope scope = new PointerScope()) {
      torch.manual_seed(1);
      Perceptron network = new Perceptron((int) (8 * M));
      Plan plan = plan(muSgd());
      PlannedOptimizer optimizer = sgd(network, plan);
      Tensor weight = Objects.requireNonNull(NamedTensors.of(network).get("head.weight"));
      double rms = Math.sqrt(weight.pow(new Scalar(2.0)).mean().item_double());
      assertThat(rms).isCloseTo(plan.get("head.weight").scale().initStd(), within(1e-6));
      Tensor x = torch.randn(32, 6);
      Tensor y = x.narrow(1, 0, 3);
      double first = Double.NaN;
      double last = Double.NaN;
      for (int step = 0; step < 60; step++) {
        try (PointerScope one = new PointerScope()) {
          optimizer.zeroGradients();
          Tensor loss = torch.mse_loss(network.apply(x), y);
          loss.backward();
          optimizer.step();
          last = loss.item_double();
          first = step == 0 ? last : first;
        }
      }
      assertThat(last).isLessThan(0.5 * first);
    }
  }

  private static Recipe muSgd() {
    return Recipe.of(Parametrizations.MUP, UpdateRules.SGD)
        .withLearningRate(0.05)
        .withWeightDecay(1e-4, WeightDecayConvention.INDEPENDENT);
  }

  private static PlannedOptimizer sgd(Perceptron network, Plan plan) {
    // mu-sgd: begin
    PlannedModule.rescale(network, plan);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            network,
            plan,
            OptimizerSettings.withDefaults()
                .with(new Momentum(0.9, false))
                .withDecay(DecayForm.COUPLED));
    // mu-sgd: end
    return optimizer;
  }

  /** The output α·V·x/m, folded by hand: W = α·V/m is drawn and stepped by Adam α times as far. */
  @Test
  void readoutOptionsArePrefactors() {
    try (PointerScope scope = new PointerScope()) {
      Recipe recipe = muAdam();
      double alpha = 3;
      // readout: begin
      Recipe zero = recipe.withPrefactor(ParameterGroup.READOUT, new Prefactor(0, 1));
      Recipe louder = recipe.withPrefactor(ParameterGroup.READOUT, new Prefactor(alpha, alpha));
      // readout: end
      Scale plain = plan(recipe).get("head.weight").scale();
      assertThat(plan(zero).get("head.weight").scale().initStd()).isZero();
      Scale scaled = plan(louder).get("head.weight").scale();
      assertThat(scaled.initStd()).isCloseTo(alpha * plain.initStd(), within(1e-15));
      assertThat(scaled.learningRate()).isCloseTo(alpha * plain.learningRate(), within(1e-15));
      assertThat(recipe.attentionScaleRelativeTo(64, 16)).isCloseTo(4.0 / 64, within(1e-15));
    }
  }
}
