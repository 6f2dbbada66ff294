package org.widthwise.torch.monitor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.ShampooRule;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.optim.ParameterUpdate;
import org.widthwise.torch.optim.Shampoo;
import org.widthwise.torch.optim.Soap;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.PlannedModule;

/** Trainings that go wrong in known ways, and trainings that do not. */
final class VerdictTest {

  private static final MlpShape SHAPE = MlpShape.of(Activation.RELU, 24, 128, 128, 4);
  private static final double RATE = 0.05;
  private static final int STEPS = 20;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static Plan plan(UpdateRule rule, double rate) {
    return Recipe.of(Parametrizations.SPECTRAL, rule)
        .withGain(Math.sqrt(2))
        .withLearningRate(rate)
        .plan(MlpParameters.of(SHAPE));
  }

  private static Tensor gaussian(long seed, long... shape) {
    return torch.randn(
        shape,
        new GeneratorOptional(torch.createCPUGenerator(seed)),
        new TensorOptions(ScalarType.Float));
  }

  /** Trains under one plan's rates while the monitor believes in another plan. */
  private static MonitorVerdict train(
      Direction direction, Plan rates, Plan believed, Consumer<Mlp> beforeStepTen) {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = new Mlp(SHAPE);
      PlannedModule.initialize(network, rates, InitScheme.GAUSSIAN, torch.createCPUGenerator(1));
      Tensor inputs = gaussian(2, 64, 24);
      Tensor targets = gaussian(3, 64, 4);
      Map<String, ParameterUpdate> updates = new LinkedHashMap<>();
      for (int layer = 0; layer < SHAPE.depth(); layer++) {
        String name = Mlp.weightName(layer);
        updates.put(
            name,
            new ParameterUpdate(
                direction, rates.get(name).scale().learningRate(), network.weight(layer)));
      }
      MonitorOptions options = MonitorOptions.withDefaults().withCadence(Cadence.every(1));
      try (Monitor monitor = Monitor.of(network, believed, options)) {
        for (int step = 1; step <= STEPS; step++) {
          if (step == 10) {
            try (NoGradGuard guard = new NoGradGuard()) {
              beforeStepTen.accept(network);
            }
          }
          network.zero_grad(true);
          torch.mse_loss(network.forward(inputs), targets).backward();
          for (int layer = 0; layer < SHAPE.depth(); layer++) {
            Tensor weight = network.weight(layer);
            Tensor update =
                requireNonNull(updates.get(Mlp.weightName(layer))).next(weight.grad(), weight);
            try (NoGradGuard guard = new NoGradGuard()) {
              weight.add_(update);
            }
          }
          monitor.afterStep(step);
        }
        return monitor.verdict();
      }
    }
  }

  /**
   * Roots are always new: old ones blow a gradient up that they have not seen. Plain SOAP is left
   * out: its raw size of 1 holds where ε exceeds the gradient's noise in directions that its basis
   * has not seen, which it does not by default, and then the monitor rightly objects.
   */
  static List<Direction> rules() {
    return Directions.all().stream()
        .filter(direction -> !(direction instanceof Soap))
        .map(
            direction ->
                direction instanceof Shampoo shampoo
                    ? new Shampoo(shampoo.decay(), shampoo.exponent(), shampoo.epsilon(), 1)
                    : direction)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aPlannedTrainingIsWithinItsBands(Direction direction) {
    Plan plan = plan(direction.rule(), RATE);

    MonitorVerdict verdict = train(direction, plan, plan, network -> {});

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.text())
        .isEqualTo("all parameters were within their bands at 20 observations up to step 20");
  }

  @Test
  void anUpdateThatOldRootsBlowUpIsSeen() {
    Shampoo seldomRenewed = new Shampoo(0.95, ShampooRule.USUAL_EXPONENT, 1e-6, 2);
    Plan plan = plan(seldomRenewed.rule(), RATE);

    MonitorVerdict verdict = train(seldomRenewed, plan, plan, network -> {});

    Finding first = verdict.first().orElseThrow();
    assertThat(first.step()).as("the first with roots of the step before").isEqualTo(3);
    assertThat(first.quantity()).isEqualTo(Quantity.UPDATE);
  }

  @Test
  void adamAtGradientDescentsRatesIsRecognised() {
    Plan wrong = plan(UpdateRules.SGD, RATE);

    MonitorVerdict verdict =
        train(Directions.named("adam"), wrong, plan(UpdateRules.ADAM, RATE), network -> {});

    Finding first = verdict.first().orElseThrow();
    assertThat(first.step()).isEqualTo(1);
    assertThat(first.parameter()).isEqualTo("layers.0.weight");
    assertThat(first.quantity()).isEqualTo(Quantity.UPDATE);
    // Rates are too large by fan-out; sign matrices of 64 examples have a third of the largest
    // norm.
    assertThat(first.factor()).isBetween(128 / 4.0, 128.0);
    assertThat(verdict.text())
        .startsWith("step 1: ‖ΔW‖₂ of layers.0.weight is ")
        .contains("× its target √(n_out/n_in) = 2.31")
        .contains("× what adam makes at the planned rate")
        .endsWith("is Adam run at gradient descent's rates?");
  }

  @Test
  void adamUnderAPlanForGradientDescentIsSuspected() {
    Plan plan = plan(UpdateRules.SGD, RATE);

    MonitorVerdict verdict = train(Directions.named("adam"), plan, plan, network -> {});

    assertThat(verdict.first().orElseThrow().parameter()).isEqualTo("layers.0.weight");
    assertThat(verdict.text()).contains("is another optimizer, such as Adam, run at gradient");
  }

  @Test
  void theFirstLayerThatIsNoNumberIsNamed() {
    Plan plan = plan(UpdateRules.ADAM, RATE);

    MonitorVerdict verdict =
        train(
            Directions.named("adam"),
            plan,
            plan,
            network -> network.weight(1).select(0, 0).fill_(new Scalar(Double.NaN)));

    // One pass later every weight is NaN: the order is the network's.
    assertThat(verdict.text())
        .isEqualTo("step 10: layers.0.weight has an entry that is NaN or infinite");
    assertThat(verdict.findings()).extracting(Finding::step).containsOnly(10L);
  }

  @Test
  void aWeightThatGrowsIsNamed() {
    Plan plan = plan(UpdateRules.ADAM, 1e-4);

    MonitorVerdict verdict =
        train(
            Directions.named("adam"),
            plan,
            plan,
            network -> network.weight(0).mul_(new Scalar(4.5)));

    Finding first = verdict.first().orElseThrow();
    assertThat(first.step()).isEqualTo(10);
    assertThat(first.parameter()).isEqualTo("layers.0.weight");
    assertThat(first.quantity()).isEqualTo(Quantity.WEIGHT);
    assertThat(first.factor()).isBetween(4.4, 4.6);
    assertThat(first.reason()).contains("has grown 4.5").contains("learning rate is too large");
    // What made it grow is the step's update, as far as the monitor can see.
    assertThat(verdict.findings()).extracting(Finding::quantity).contains(Quantity.UPDATE);
  }

  @Test
  void aWeightThatNeverMovesIsNamed() {
    Plan plan = plan(UpdateRules.ADAM, 1e-4);
    MlpShape biased = SHAPE.withBias(true);
    try (PointerScope scope = new PointerScope()) {
      Mlp network = new Mlp(biased);
      MonitorOptions options = MonitorOptions.withDefaults().withCadence(Cadence.every(1));
      try (Monitor monitor = Monitor.of(network, plan, options)) {
        for (int step = 1; step <= 4; step++) {
          try (NoGradGuard guard = new NoGradGuard()) {
            network.weight(0).add_(new Scalar(1e-5));
            network.weight(2).add_(new Scalar(1e-5));
          }
          monitor.afterStep(step);
        }
        assertThat(monitor.verdict().findings()).hasSize(1);
        assertThat(monitor.verdict().text())
            .isEqualTo(
                "step 3: ‖ΔW‖₂ of layers.1.weight is 0 at 3 observations in a row: does the"
                    + " optimizer have this parameter?");
      }
    }
  }
}
