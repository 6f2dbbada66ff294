package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.PReLUImpl;
import org.bytedeco.pytorch.PReLUOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.train.Sgd;
import org.widthwise.torch.train.SgdOptions;

class PlannedModuleTest {

  private static final MlpShape SHAPE = MlpShape.of(Activation.RELU, 20, 32, 32, 3).withBias(true);
  private static final double WEIGHT_DECAY = 0.01;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static Plan plan(String parametrization, UpdateRule rule) {
    return Recipe.of(Parametrizations.named(parametrization), rule)
        .withLearningRate(0.01)
        .withWeightDecay(WEIGHT_DECAY, WeightDecayConvention.INDEPENDENT)
        .plan(MlpParameters.of(SHAPE));
  }

  /** The losses of a few steps of a network that a plan alone decides. */
  private static List<Double> losses(Plan plan) {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = new Mlp(SHAPE);
      PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(7));
      Sgd optimizer = PlannedModule.sgd(network, plan, SgdOptions.plain().withMomentum(0.9));
      Tensor inputs = torch.linspace(scalar(-1), scalar(1), 16 * 20).reshape(16, 20);
      Tensor targets = torch.linspace(scalar(-1), scalar(1), 16 * 3).reshape(16, 3);
      List<Double> losses = new ArrayList<>();
      for (int step = 0; step < 5; step++) {
        optimizer.zeroGradients();
        Tensor loss = torch.mse_loss(network.forward(inputs), targets);
        losses.add(loss.item_double());
        loss.backward();
        optimizer.step();
      }
      return losses;
    }
  }

  private static Scalar scalar(double value) {
    return new Scalar(value);
  }

  /** μP written with forward multipliers and without is one training. */
  @Test
  void multipliersAreFolded() {
    List<Double> plain = losses(plan("mup", UpdateRules.SGD));
    List<Double> multiplied =
        losses(plan("abc:input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0", UpdateRules.SGD));
    assertThat(plain.get(4)).isLessThan(plain.get(0));
    for (int step = 0; step < plain.size(); step++) {
      assertThat(multiplied.get(step)).isCloseTo(plain.get(step), within(1e-5));
    }
  }

  /** In each step a weight without gradient shrinks by rate times decay, the same for all. */
  @Test
  void eachParameterDecaysAsPlanned() {
    try (PointerScope scope = new PointerScope()) {
      Plan plan = plan("spectral", UpdateRules.SGD);
      Mlp network = new Mlp(SHAPE);
      PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(1));
      Sgd optimizer = PlannedModule.sgd(network, plan, SgdOptions.plain());
      network.forward(torch.zeros(4, 20)).sum().mul(scalar(0)).backward();
      for (int layer = 0; layer < SHAPE.depth(); layer++) {
        Tensor before = network.weight(layer).detach().clone();
        optimizer.step();
        double shrunk =
            network.weight(layer).detach().norm().item_double() / before.norm().item_double();
        assertThat(1 - shrunk).isCloseTo(0.01 * WEIGHT_DECAY, within(1e-6));
      }
    }
  }

  /** At 1 a PReLU would be the identity, at 0 a ReLU: neither is what the module's author chose. */
  @Test
  void slopesAndSingleNumbersStayAsTheModuleHasThem() {
    try (PointerScope scope = new PointerScope()) {
      Module network = new Module("WithSlopes");
      network.register_module("a", new LinearImpl(20, 8));
      PReLUOptions several = new PReLUOptions();
      several.num_parameters().put(8);
      network.register_module("b", new PReLUImpl(several));
      network.register_module("c", new PReLUImpl(new PReLUOptions()));
      network.register_module("d", new LinearImpl(8, 3));
      network.register_parameter("temperature", torch.ones(1).mul_(scalar(7)), true);
      Declarations declarations =
          Declarations.none().input("a").readout("d").role("temperature", Role.SCALAR);
      Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD);
      List<Parameter> parameters = ModuleParameters.of(network, declarations);
      Plan plan = recipe.plan(parameters);
      for (boolean drawn : new boolean[] {true, false}) {
        if (drawn) {
          PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(1));
        } else {
          PlannedModule.rescale(network, plan);
        }
        Map<String, Tensor> tensors = NamedTensors.of(network);
        assertThat(every(tensors, "b.weight", 0.25)).isTrue();
        assertThat(every(tensors, "c.weight", 0.25)).isTrue();
        assertThat(every(tensors, "temperature", 7)).isTrue();
        assertThat(every(tensors, "a.bias", 0)).isTrue();
      }
      Plan spread =
          recipe.withPrefactor(ParameterGroup.SCALAR, Prefactor.ONE.withInit(0.5)).plan(parameters);
      PlannedModule.initialize(network, spread, InitScheme.GAUSSIAN, Initializer.seeded(1));
      assertThat(every(NamedTensors.of(network), "temperature", 7)).isFalse();
    }
  }

  private static boolean every(Map<String, Tensor> tensors, String name, double value) {
    return Objects.requireNonNull(tensors.get(name)).eq(scalar(value)).all().item_bool();
  }

  @Test
  void whatAPlanDoesNotSayIsRefused() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = new Mlp(SHAPE);
      assertThatThrownBy(
              () -> PlannedModule.sgd(network, plan("mup", UpdateRules.ADAM), SgdOptions.plain()))
          .hasMessageContaining("for adam; gradient descent needs");
      Plan mixed =
          Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
              .withUpdateRuleBesideHidden(UpdateRules.ADAM, 0.01)
              .plan(MlpParameters.of(SHAPE));
      assertThatThrownBy(() -> PlannedModule.sgd(network, mixed, SgdOptions.plain()))
          .hasMessageContaining("'layers.0.weight' is for adam");
      SgdOptions decaying = SgdOptions.plain().withWeightDecay(0.1);
      assertThatThrownBy(() -> PlannedModule.sgd(network, plan("mup", UpdateRules.SGD), decaying))
          .hasMessageContaining("give it to the plan's recipe");
    }
  }
}
