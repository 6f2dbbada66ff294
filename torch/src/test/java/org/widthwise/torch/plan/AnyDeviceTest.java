package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.MetaDevice;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.nn.ResNet;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.optim.DecayForm;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.optim.OptimizerSettings;

/**
 * Networks and update rules keep to the device on which the parameters are. Of what this device
 * lacks, the rule of the house on where tensors are made is all that is known without a GPU.
 */
final class AnyDeviceTest {

  private static final MlpShape MLP = MlpShape.of(Activation.TANH, 12, 16, 16, 3).withBias(true);

  /** Not batch normalisation, which counts its batches on the CPU as it is made. */
  private static final ResNetShape RESNET =
      new ResNetShape(3, 3, 4, List.of(1, 1), new ChannelNormalization.Group(2));

  private static final TransformerShape TRANSFORMER =
      TransformerShape.of(3, 5, 8, 1, 2).withFused(true);

  private static final int STEPS = 3;
  private static final int EXAMPLES = 4;

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A network and its parameters for a plan. */
  private record Task(List<Parameter> parameters, Supplier<Network> maker) {}

  private static List<Task> tasks() {
    return List.of(
        new Task(MlpParameters.of(MLP), () -> new Mlp(MLP)),
        new Task(ResNetParameters.of(RESNET), () -> new ResNet(RESNET)),
        new Task(TransformerParameters.of(TRANSFORMER), () -> new Transformer(TRANSFORMER)));
  }

  private static void backward(Mlp mlp) {
    Tensor inputs = MetaDevice.here(torch.zeros(EXAMPLES, MLP.fanIn(0)));
    Tensor classes = torch.zeros(new long[] {EXAMPLES}, new TensorOptions(ScalarType.Long));
    torch.cross_entropy_loss(mlp.forward(inputs), MetaDevice.here(classes)).backward();
  }

  /** From nowhere: this device has neither convolutions nor embeddings in C++. */
  private static void gradients(Network network) {
    NamedTensors.of(network.module())
        .values()
        .forEach(parameter -> parameter.mutable_grad().put(torch.zeros_like(parameter.detach())));
  }

  private static PlannedOptimizer train(Task task, Network network, UpdateRule rule) {
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, rule)
            .withLearningRate(0.1)
            .withWeightDecay(0.1, WeightDecayConvention.FIXED)
            .plan(task.parameters());
    PlannedOptimizer optimizer =
        PlannedOptimizer.of(
            network.module(), plan, OptimizerSettings.withDefaults().withDecay(DecayForm.CAUTIOUS));
    for (int step = 0; step < STEPS; step++) {
      optimizer.zeroGradients();
      if (network instanceof Mlp mlp) {
        backward(mlp);
      } else {
        gradients(network);
      }
      optimizer.step();
    }
    return optimizer;
  }

  /** The other rules ask whether numbers are finite, or read some, which this device cannot. */
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw", "rmsprop"})
  void networksAndRulesStayWhereTheParametersAre(String rule) {
    UpdateRule update = Directions.named(rule).rule();
    for (Task task : tasks()) {
      Network network = MetaDevice.made(task.maker());
      PlannedOptimizer optimizer = train(task, network, update);
      NamedTensors.of(network.module())
          .forEach(
              (name, parameter) -> {
                assertThat(parameter.is_meta()).as(name).isTrue();
                assertThat(parameter.grad().is_meta()).as(name).isTrue();
              });
      assertThat(states(optimizer))
          .allSatisfy((name, tensor) -> assertThat(tensor.is_meta()).as(name).isTrue());
    }
  }

  /** Without the numbers of steps, which are read on the CPU. */
  private static Map<String, Tensor> states(PlannedOptimizer optimizer) {
    Map<String, Tensor> states = optimizer.state();
    states.keySet().removeIf(name -> name.equals("steps") || name.endsWith("/updates"));
    return states;
  }

  @Test
  void aStateIsRestoredToWhereTheParametersAre() {
    Task task = tasks().get(0);
    UpdateRule adam = Directions.named("adam").rule();
    Plan plan = Recipe.of(Parametrizations.SPECTRAL, adam).plan(task.parameters());
    PlannedOptimizer here = PlannedOptimizer.of(task.maker().get().module(), plan);
    PlannedOptimizer there = PlannedOptimizer.of(MetaDevice.made(task.maker()).module(), plan);
    there.restore(here.state());
    assertThat(states(there)).isNotEmpty();
    assertThat(states(there))
        .allSatisfy((name, tensor) -> assertThat(tensor.is_meta()).as(name).isTrue());
    assertThat(states(here))
        .allSatisfy((name, tensor) -> assertThat(tensor.is_cpu()).as(name).isTrue());
  }
}
