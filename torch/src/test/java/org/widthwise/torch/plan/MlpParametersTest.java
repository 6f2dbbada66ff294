package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

final class MlpParametersTest {

  private static final MlpShape SHAPE = MlpShape.of(Activation.RELU, 12, 40, 30, 3).withBias(true);

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areTheNetworksOwnByNameAndShape(boolean bias) {
    for (int[] widths : new int[][] {{5, 2}, {5, 7, 2}, {5, 7, 6, 2}}) {
      MlpShape shape = MlpShape.of(Activation.TANH, widths).withBias(bias);
      Map<String, List<Long>> planned = new LinkedHashMap<>();
      for (Parameter parameter : MlpParameters.of(shape)) {
        planned.put(parameter.name(), parameter.shape().dimensions());
      }
      assertThat(planned).isEqualTo(shapesByName(new Mlp(shape)));
    }
  }

  @Test
  void theFirstReadsTheInputAndTheLastWritesTheOutput() {
    assertThat(MlpParameters.of(SHAPE))
        .extracting(parameter -> parameter.shape().layer())
        .containsExactly(
            Layer.INPUT, Layer.INPUT, Layer.HIDDEN, Layer.HIDDEN, Layer.READOUT, Layer.READOUT);
    assertThat(MlpParameters.of(MlpShape.of(Activation.RELU, 5, 2)))
        .extracting(parameter -> parameter.shape().layer())
        .containsExactly(Layer.READOUT);
  }

  /** fan-out / fan-in for weights; a bias is a matrix with fan-in 1 (appendix D). */
  @Test
  void ratesAreThoseOfThePlanByTheNamesOfTheNetwork() {
    Plan plan =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.SGD)
            .withLearningRate(0.5)
            .plan(MlpParameters.of(SHAPE));
    Map<String, Double> expected = new LinkedHashMap<>();
    shapesByName(new Mlp(SHAPE))
        .forEach(
            (name, shape) ->
                expected.put(name, 0.5 * shape.get(0) / (shape.size() == 2 ? shape.get(1) : 1.0)));

    Map<String, Double> rates = MlpParameters.rates(plan, SHAPE).byParameterName();
    assertThat(rates).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, rate) ->
            assertThat(rates.get(name)).as(name).isCloseTo(rate, relativeRounding(rate)));
  }

  @Test
  void aPlanOfAnotherNetworkIsRefused() {
    Plan shallow =
        Recipe.of(Parametrizations.MUP, UpdateRules.SGD)
            .plan(MlpParameters.of(MlpShape.of(Activation.RELU, 12, 3)));
    assertThatThrownBy(() -> MlpParameters.rates(shallow, SHAPE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layers.0.bias");
  }

  @Test
  void multipliersThatANetworkWouldLeaveOutAreRefused() {
    Plan plan =
        Recipe.of(
                Parametrizations.named("abc:input=0,0,0;hidden=1/2,0,0;readout=1/2,0,0"),
                UpdateRules.SGD)
            .plan(MlpParameters.of(SHAPE));
    assertThatThrownBy(() -> MlpParameters.rates(plan, SHAPE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'layers.1.weight'")
        .hasMessageContaining("multipliers");
  }

  private static Offset<Double> relativeRounding(double value) {
    return within(1e-14 * value);
  }

  private static Map<String, List<Long>> shapesByName(Mlp mlp) {
    StringTensorDict named = mlp.named_parameters();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (long i = 0; i < named.size(); i++) {
      String name = named.get(i).key().getString();
      Tensor tensor = named.get(name);
      List<Long> dimensions = new ArrayList<>();
      Arrays.stream(tensor.sizes().vec().get()).forEach(dimensions::add);
      shapes.put(name, dimensions);
    }
    return shapes;
  }
}
