package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.EpsilonConvention;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Adam;
import org.widthwise.torch.optim.DecayForm;
import org.widthwise.torch.optim.GradientClipping;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.optim.Schedules;
import org.widthwise.torch.train.Optimizer;

final class PlannedOptimizerTest {

  private static final MlpShape SHAPE = MlpShape.of(Activation.TANH, 12, 16, 16, 3).withBias(true);
  private static final double RATE = 0.01;
  private static final double DECAY = 0.1;

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Recipe adamw() {
    return Recipe.of(Parametrizations.SP, UpdateRules.ADAM)
        .withLearningRate(RATE)
        .withEpsilonConvention(EpsilonConvention.FIXED)
        .withWeightDecay(DECAY, WeightDecayConvention.FIXED);
  }

  private static Mlp network(Plan plan) {
    Mlp network = new Mlp(SHAPE);
    network.to(ScalarType.Double, false);
    PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(3));
    return network;
  }

  private static double step(Mlp network, Optimizer optimizer, long seed) {
    try (PointerScope step = new PointerScope()) {
      optimizer.zeroGradients();
      Tensor loss = loss(network, seed);
      loss.backward();
      optimizer.step();
      return loss.item_double();
    }
  }

  private static Tensor loss(Mlp network, long seed) {
    return loss(network, seed, ScalarType.Double);
  }

  private static Tensor loss(Mlp network, long seed, ScalarType type) {
    Tensor inputs = gaussian(seed, 8, 12).to(type);
    Tensor targets = gaussian(seed + 1000, 8, 3).to(type);
    return torch.mse_loss(network.forward(inputs), targets);
  }

  private static Tensor gaussian(long seed, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(ScalarType.Double));
    new GaussianInitializer(1).fill(tensor, Initializer.seeded(seed));
    return tensor;
  }

  private static List<Double> losses(Mlp network, Optimizer optimizer, int from, int to) {
    List<Double> losses = new ArrayList<>();
    for (int step = from; step < to; step++) {
      losses.add(step(network, optimizer, step));
    }
    return losses;
  }

  /** Standard parametrization with one rate is what everybody else's AdamW does. */
  @Test
  void underStandardParametrizationItIsLibtorchsAdamW() {
    Plan plan = adamw().plan(MlpParameters.of(SHAPE));
    Mlp ours = network(plan);
    Mlp theirs = network(plan);
    AdamWOptions options = new AdamWOptions(RATE);
    options.weight_decay().put(DECAY);
    TensorVector parameters = theirs.parameters();
    AdamW libtorch = new AdamW(parameters, options);
    Optimizer wrapped =
        new Optimizer() {
          @Override
          public void step() {
            libtorch.step();
          }

          @Override
          public void zeroGradients() {
            libtorch.zero_grad();
          }
        };
    List<Double> expected = losses(theirs, wrapped, 0, 20);
    List<Double> actual = losses(ours, PlannedOptimizer.of(ours, plan), 0, 20);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-12));
    }
    assertThat(actual.get(19)).isNotCloseTo(actual.get(0), within(1e-3));
  }

  /** Two steps of gradient descent, where each form of decay is a formula of a line. */
  @ParameterizedTest
  @EnumSource(DecayForm.class)
  void everyFormOfDecayIsItsFormula(DecayForm form) {
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withLearningRate(0.05)
            .withWeightDecay(DECAY, WeightDecayConvention.FIXED)
            .plan(MlpParameters.of(SHAPE));
    Mlp network = network(plan);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            network,
            plan,
            OptimizerSettings.withDefaults()
                .withDecay(form)
                .withSchedule(new Schedules.Linear(0, 2, 0)));
    for (int step = 0; step < 2; step++) {
      double factor = step == 0 ? 1 : 0.5;
      double rate = 0.05 * factor;
      optimizer.zeroGradients();
      loss(network, step).backward();
      Map<String, Tensor> before = copies(network, Tensor::detach);
      Map<String, Tensor> gradients = copies(network, Tensor::grad);
      optimizer.step();
      NamedTensors.of(network)
          .forEach(
              (name, after) -> {
                double eta = rate * plan.get(name).scale().learningRate() / 0.05;
                Tensor weight = get(before, name);
                Tensor gradient = get(gradients, name);
                Tensor decay =
                    switch (form) {
                      case COUPLED, DECOUPLED -> weight.mul(new Scalar(eta * DECAY));
                      case RATE_FREE -> weight.mul(new Scalar(factor * DECAY));
                      case CAUTIOUS ->
                          weight
                              .mul(new Scalar(eta * DECAY))
                              .mul(gradient.mul(weight).gt(new Scalar(0.0)));
                    };
                Tensor expected = weight.sub(gradient, new Scalar(eta)).sub(decay);
                assertThat(after.sub(expected).abs().max().item_double()).isLessThan(1e-14);
              });
    }
    assertThat(optimizer.steps()).isEqualTo(2);
  }

  /** With W = mV the same as V's own step: ∇_V = m∇_W, of which the sign is taken. */
  @ParameterizedTest
  @EnumSource(DecayForm.class)
  void decayOfAMultipliedWeightIsThatOfTheWeightWithoutMultiplier(DecayForm form) {
    double decay = 0.4;
    Plan plan =
        Recipe.of(
                Parametrizations.named("abc:input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0"),
                UpdateRules.SIGN)
            .withLearningRate(0.05)
            .withWeightDecay(decay, WeightDecayConvention.FIXED)
            .plan(MlpParameters.of(SHAPE));
    Mlp network = network(plan);
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(network, plan, OptimizerSettings.withDefaults().withDecay(form));
    loss(network, 1).backward();
    Map<String, Tensor> before = copies(network, Tensor::detach);
    Map<String, Tensor> gradients = copies(network, Tensor::grad);
    optimizer.step();
    boolean multiplied = false;
    for (Map.Entry<String, Tensor> entry : NamedTensors.of(network).entrySet()) {
      Scale scale = plan.get(entry.getKey()).scale();
      Scalar m = new Scalar(scale.multiplier());
      multiplied |= scale.multiplier() != 1;
      double eta = scale.learningRate();
      Tensor v = get(before, entry.getKey()).div(m);
      Tensor gradient = get(gradients, entry.getKey()).mul(m);
      Tensor sign =
          form == DecayForm.COUPLED
              ? gradient.add(v, new Scalar(scale.weightDecay())).sign()
              : gradient.sign();
      Tensor shrunk =
          switch (form) {
            case COUPLED -> v;
            case DECOUPLED -> v.mul(new Scalar(1 - eta * decay));
            case RATE_FREE -> v.mul(new Scalar(1 - decay));
            case CAUTIOUS -> v.sub(v.mul(sign.mul(v).gt(new Scalar(0.0))), new Scalar(eta * decay));
          };
      Tensor expected = shrunk.sub(sign, new Scalar(eta)).mul(m);
      assertThat(entry.getValue().sub(expected).abs().max().item_double())
          .as("%s", entry.getKey())
          .isLessThan(1e-12);
    }
    assertThat(multiplied).isTrue();
  }

  /** In bfloat16 decay by itself would be lost where a weight rounds back to what it was. */
  @ParameterizedTest
  @EnumSource(DecayForm.class)
  void halfPrecisionIsRoundedOnceInEachStep(DecayForm form) {
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withLearningRate(0.05)
            .withWeightDecay(DECAY, WeightDecayConvention.FIXED)
            .plan(MlpParameters.of(SHAPE));
    OptimizerSettings settings =
        OptimizerSettings.withDefaults().withDecay(form).withClipping(new GradientClipping(1e-3));
    Mlp half = network(plan);
    half.to(ScalarType.BFloat16, false);
    Mlp single = network(plan);
    single.to(ScalarType.BFloat16, false);
    single.to(ScalarType.Float, false);
    Map<String, Tensor> halves = NamedTensors.of(half);
    Map<String, Tensor> singles = NamedTensors.of(single);
    loss(half, 1, ScalarType.BFloat16).backward();
    halves.forEach(
        (name, tensor) ->
            get(singles, name).mutable_grad().put(tensor.grad().to(ScalarType.Float)));
    PlannedOptimizer.of(half, plan, settings).step();
    PlannedOptimizer.of(single, plan, settings).step();
    halves.forEach(
        (name, tensor) ->
            assertThat(tensor.equal(get(singles, name).to(ScalarType.BFloat16)))
                .as("%s", name)
                .isTrue());
  }

  private static Map<String, Tensor> copies(Mlp network, Function<Tensor, Tensor> what) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    NamedTensors.of(network)
        .forEach((name, tensor) -> copies.put(name, what.apply(tensor).clone()));
    return copies;
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name));
  }

  @Test
  void goesOnToTheSameBitsFromASavedState() {
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SPECTRAL_DESCENT)
            .withLearningRate(RATE)
            .withUpdateRuleBesideHidden(UpdateRules.ADAM, RATE)
            .plan(MlpParameters.of(SHAPE));
    OptimizerSettings settings =
        OptimizerSettings.withDefaults().withSchedule(new Schedules.Cosine(2, 12, 0.1));
    Mlp whole = network(plan);
    PlannedOptimizer first = PlannedOptimizer.of(whole, plan, settings);
    losses(whole, first, 0, 5);
    Map<String, Tensor> weights = copies(whole, Tensor::detach);
    Map<String, Tensor> state = new LinkedHashMap<>();
    first.state().forEach((name, tensor) -> state.put(name, tensor.clone()));
    List<Double> undisturbed = losses(whole, first, 5, 10);

    Mlp resumed = network(plan);
    NamedTensors.of(resumed).forEach((name, tensor) -> tensor.detach().copy_(get(weights, name)));
    PlannedOptimizer second = PlannedOptimizer.of(resumed, plan, settings);
    Tensor own = get(second.state(), "layers.0.weight/mean");
    try (PointerScope reading = new PointerScope()) {
      Map<String, Tensor> read = new LinkedHashMap<>();
      state.forEach((name, tensor) -> read.put(name, tensor.clone()));
      second.restore(read);
    }
    assertThat(get(second.state(), "layers.0.weight/mean")).isSameAs(own);
    assertThat(losses(resumed, second, 5, 10)).isEqualTo(undisturbed);

    state.remove("layers.0.weight/mean");
    assertThatThrownBy(() -> second.restore(state))
        .hasMessageContaining("[layers.0.weight/mean]")
        .hasMessageContaining("other rules");
    assertThat(second.steps()).isEqualTo(10);
  }

  /** The threshold is one of sizes that Condition 1 makes Θ(1), not of ‖∇‖_F. */
  @Test
  void clippingMeasuresGradientsByTheSizeThatWidthGivesThem() {
    Plan plan = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD).plan(MlpParameters.of(SHAPE));
    Mlp network = network(plan);
    loss(network, 1).backward();
    double squares = 0;
    Map<String, Tensor> gradients = copies(network, Tensor::grad);
    for (Map.Entry<String, Tensor> entry : gradients.entrySet()) {
      double size =
          entry.getValue().norm().item_double()
              * plan.get(entry.getKey()).scale().targetSpectralNorm();
      squares += size * size;
    }
    double size = Math.sqrt(squares / gradients.size());
    for (double threshold : new double[] {size / 4, size * 4}) {
      Map<String, Tensor> before = copies(network, Tensor::detach);
      PlannedOptimizer.of(
              network,
              plan,
              OptimizerSettings.withDefaults().withClipping(new GradientClipping(threshold)))
          .step();
      double factor = Math.min(1, threshold / size);
      NamedTensors.of(network)
          .forEach(
              (name, after) -> {
                Tensor expected =
                    get(before, name)
                        .sub(
                            get(gradients, name),
                            new Scalar(factor * plan.get(name).scale().learningRate()));
                assertThat(after.sub(expected).abs().max().item_double()).isLessThan(1e-13);
              });
    }
  }

  @Test
  void frozenParametersAndThoseWithoutAGradientStayAsTheyAre() {
    Plan plan = adamw().plan(MlpParameters.of(SHAPE));
    Mlp network = network(plan);
    network.weight(1).requires_grad_(false);
    Tensor frozen = network.weight(1).detach().clone();
    PlannedOptimizer optimizer = PlannedOptimizer.of(network, plan);
    optimizer.step();
    assertThat(network.weight(0).equal(network(plan).weight(0))).isTrue();
    step(network, optimizer, 1);
    assertThat(network.weight(1).equal(frozen)).isTrue();
    assertThat(network.weight(0).equal(network(plan).weight(0))).isFalse();
    assertThat(get(optimizer.state(), "layers.1.weight/updates").item_long()).isZero();
    assertThat(get(optimizer.state(), "layers.0.weight/updates").item_long()).isEqualTo(1);
  }

  @Test
  void saysWhatDoesNotFit() {
    Plan plan = adamw().plan(MlpParameters.of(SHAPE));
    Mlp network = network(plan);
    MlpShape wider = MlpShape.of(Activation.TANH, 12, 32, 16, 3).withBias(true);
    assertThatThrownBy(() -> PlannedOptimizer.of(network, adamw().plan(MlpParameters.of(wider))))
        .hasMessageContaining("'layers.0.weight'")
        .hasMessageContaining("[32, 12]")
        .hasMessageContaining("[16, 12]");
    Plan scaled =
        adamw()
            .withWeightDecay(DECAY, WeightDecayConvention.INDEPENDENT)
            .plan(MlpParameters.of(SHAPE));
    assertThatThrownBy(
            () ->
                PlannedOptimizer.of(
                    network,
                    scaled,
                    OptimizerSettings.withDefaults().withDecay(DecayForm.RATE_FREE)))
        .hasMessageContaining("'fixed'");
    Plan sgd = Recipe.of(Parametrizations.SP, UpdateRules.SGD).plan(MlpParameters.of(SHAPE));
    assertThatThrownBy(
            () ->
                PlannedOptimizer.of(
                    network, sgd, OptimizerSettings.withDefaults().with(Adam.withDefaults())))
        .hasMessageContaining("[adam]")
        .hasMessageContaining("[sgd]");
    // A rule of the recipe may have no parameter.
    Recipe hidden =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.MUON)
            .withUpdateRuleBesideHidden(UpdateRules.ADAM, RATE);
    MlpShape shallow = MlpShape.of(Activation.TANH, 12, 16, 3);
    PlannedOptimizer.of(
        new Mlp(shallow),
        hidden.plan(MlpParameters.of(shallow)),
        OptimizerSettings.withDefaults().inBfloat16(hidden));
    assertThatThrownBy(() -> new GradientClipping(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new Schedules.Cosine(5, 4, 0)).hasMessageContaining("not 5");
    assertThatThrownBy(() -> DecayForm.named("l2")).hasMessageContaining("rate-free");
  }

  @Test
  void schedulesStartRiseAndEndWhereTheySay() {
    Schedules.WarmUpStableDecay wsd = new Schedules.WarmUpStableDecay(4, 20, 8, 0.2);
    assertThat(wsd.factor(0)).isEqualTo(0.25);
    assertThat(wsd.factor(3)).isEqualTo(1);
    assertThat(wsd.factor(11)).isEqualTo(1);
    assertThat(wsd.factor(16)).isCloseTo(0.6, within(1e-15));
    assertThat(wsd.factor(20)).isCloseTo(0.2, within(1e-15));
    Schedules.Cosine cosine = new Schedules.Cosine(0, 10, 0);
    assertThat(cosine.factor(0)).isEqualTo(1);
    assertThat(cosine.factor(5)).isCloseTo(0.5, within(1e-15));
    assertThat(cosine.factor(99)).isZero();
    assertThat(new Schedules.Linear(2, 6, 0).factor(4)).isEqualTo(0.5);
    assertThat(new Schedules.Constant(2).factor(0)).isEqualTo(0.5);
    assertThat(Schedules.constant().factor(1_000_000)).isEqualTo(1);
  }
}
