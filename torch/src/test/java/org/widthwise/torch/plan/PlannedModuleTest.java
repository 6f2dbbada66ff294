package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
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

  @Test
  void whatAPlanDoesNotSayIsRefused() {
    try (PointerScope scope = new PointerScope()) {
      Mlp network = new Mlp(SHAPE);
      assertThatThrownBy(
              () -> PlannedModule.sgd(network, plan("mup", UpdateRules.ADAM), SgdOptions.plain()))
          .hasMessageContaining("the plan's rates are for adam");
      SgdOptions decaying = SgdOptions.plain().withWeightDecay(0.1);
      assertThatThrownBy(() -> PlannedModule.sgd(network, plan("mup", UpdateRules.SGD), decaying))
          .hasMessageContaining("give it to the plan's recipe");
    }
  }
}
