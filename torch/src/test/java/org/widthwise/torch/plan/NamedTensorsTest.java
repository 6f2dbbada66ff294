package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.train.Sgd;
import org.widthwise.torch.train.SgdOptions;

final class NamedTensorsTest {

  private static final MlpShape SHAPE = MlpShape.of(Activation.RELU, 6, 8, 8, 3).withBias(true);

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  /** Where no scope is open, the garbage collector frees what nothing in Java refers to. */
  private static void collectGarbage() {
    List<WeakReference<StringTensorDict>> dropped = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      dropped.add(new WeakReference<>(new Mlp(SHAPE).named_parameters()));
    }
    for (int i = 0; i < 50 && dropped.stream().anyMatch(one -> one.get() != null); i++) {
      System.gc();
      Pointer.deallocateReferences();
    }
    assertThat(dropped).allMatch(one -> one.get() == null);
  }

  private static double[] values(Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      double[] values = new double[(int) tensor.numel()];
      Tensor flat = tensor.detach().reshape(-1);
      for (int i = 0; i < values.length; i++) {
        values[i] = flat.select(0, i).item_double();
      }
      return values;
    }
  }

  @Test
  void tensorsOutliveTheDictionaryTheyWereFoundIn() {
    Mlp network = new Mlp(SHAPE);
    Map<String, Tensor> tensors = NamedTensors.of(network);
    collectGarbage();
    assertThat(tensors).hasSize(6);
    for (int layer = 0; layer < 3; layer++) {
      assertThat(tensors)
          .extractingByKey(Mlp.weightName(layer))
          .satisfies(same(network.weight(layer)));
      assertThat(tensors).extractingByKey(Mlp.biasName(layer)).satisfies(same(network.bias(layer)));
    }
  }

  private static Consumer<Tensor> same(Tensor expected) {
    return tensor -> assertThat(values(tensor)).isEqualTo(values(expected));
  }

  @Test
  void optimizersMadeOutsideAnyScopeKeepTheirParameters() {
    Mlp network = new Mlp(SHAPE);
    Recipe recipe = Recipe.of(Parametrizations.SP, UpdateRules.SGD).withLearningRate(0.5);
    PlannedOptimizer planned = PlannedOptimizer.of(network, recipe.plan(MlpParameters.of(SHAPE)));
    Sgd plain =
        PlannedModule.sgd(network, recipe.plan(MlpParameters.of(SHAPE)), SgdOptions.plain());
    collectGarbage();
    double[] before = values(network.weight(1));
    try (PointerScope scope = new PointerScope()) {
      network.forward(torch.ones(4, 6)).sum().backward();
      double[] gradient = values(network.weight(1).grad());
      planned.step();
      plain.step();
      double[] after = values(network.weight(1));
      for (int i = 0; i < after.length; i++) {
        assertThat(after[i]).isCloseTo(before[i] - 2 * 0.5 * gradient[i], within(1e-6));
      }
    }
  }
}
