package org.widthwise.djl.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.UninitializedParameterException;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.LSTM;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.djl.plan.BlockParameters;

@Tag("engine")
class PlannedInitializerTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private static Plan plan(BlockParameters parameters) {
    return Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM).plan(parameters.parameters());
  }

  private BlockParameters initialized(Block block, PlannedInitializer initializer, Shape input) {
    block.initialize(manager, DataType.FLOAT32, input);
    BlockParameters parameters = BlockParameters.of(block).othersHidden();
    initializer.initialize(parameters, plan(parameters));
    return parameters;
  }

  private static NDArray weight(Block block, String name) {
    return block.getDirectParameters().get(name).getArray();
  }

  private static Linear linear(long units) {
    return Linear.builder().setUnits(units).build();
  }

  /** σ = 1/√fan-in · min(1, √(fan-out / fan-in)); four standard errors of a deviation. */
  @Test
  void matricesHaveTheDeviationOfParametrizationOne() {
    for (int[] sides : new int[][] {{400, 100}, {100, 400}}) {
      Linear linear = linear(sides[0]);
      initialized(linear, PlannedInitializer.withSeed(1), new Shape(1, sides[1]));
      double expected =
          1 / Math.sqrt(sides[1]) * Math.min(1, Math.sqrt((double) sides[0] / sides[1]));
      double squares = weight(linear, "weight").square().mean().getFloat();
      assertThat(Math.sqrt(squares))
          .isCloseTo(expected, within(4 * expected / Math.sqrt(2.0 * sides[0] * sides[1])));
      assertThat(weight(linear, "bias").toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void gainsStartAtOneAndStatisticsAreLeftAlone() {
    LayerNorm norm = LayerNorm.builder().axis(1).build();
    initialized(norm, PlannedInitializer.withSeed(1), new Shape(2, 6));
    assertThat(weight(norm, "gamma").toFloatArray()).containsOnly(1);
    assertThat(weight(norm, "beta").toFloatArray()).containsOnly(0);
  }

  @Test
  void valuesDependOnSeedNameAndShapeAlone() {
    PlannedInitializer initializer = PlannedInitializer.withSeed(7);
    float[] alone = values(initializer, linear(8));
    assertThat(values(initializer, linear(8))).isEqualTo(alone);
    assertThat(values(PlannedInitializer.withSeed(8), linear(8))).isNotEqualTo(alone);
    SequentialBlock pair = new SequentialBlock().add(linear(8)).add(linear(8));
    initialized(pair, initializer, new Shape(1, 8));
    assertThat(pair.getParameters().get("01Linear_weight").getArray().toFloatArray())
        .isNotEqualTo(pair.getParameters().get("02Linear_weight").getArray().toFloatArray());
  }

  private float[] values(PlannedInitializer initializer, Linear linear) {
    initialized(linear, initializer, new Shape(1, 5));
    return weight(linear, "weight").toFloatArray();
  }

  /** All singular values of each map are √(fan-out / fan-in). */
  @Test
  void semiOrthogonalMapsHaveOneSingularValue() {
    PlannedInitializer initializer =
        PlannedInitializer.withSeed(1).withScheme(InitScheme.SEMI_ORTHOGONAL);
    Linear wide = linear(6);
    initialized(wide, initializer, new Shape(1, 10));
    checkGram(weight(wide, "weight"), 6.0 / 10);

    LSTM lstm = LSTM.builder().setStateSize(5).setNumLayers(1).build();
    initialized(lstm, initializer, new Shape(1, 3, 8));
    for (NDArray gate :
        weight(lstm, "l_0_i2h_WEIGHT").reshape(4, 5, 8).split(4).stream()
            .map(map -> map.squeeze(0))
            .toList()) {
      checkGram(gate, 5.0 / 8);
    }

    LinearCollection collection = LinearCollection.builder().setUnits(4).build();
    initialized(collection, initializer, new Shape(1, 3, 9));
    for (NDArray map : weight(collection, "weight").split(3)) {
      checkGram(map.squeeze(0).transpose(), 4.0 / 9);
    }

    Conv2d convolution = Conv2d.builder().setFilters(6).setKernelShape(new Shape(3, 3)).build();
    initialized(convolution, initializer, new Shape(1, 4, 8, 8));
    // The kernel as one matrix: its positions do not enter the target.
    checkGram(weight(convolution, "weight").reshape(6, 36), 6.0 / 4);
  }

  private static void checkGram(NDArray rows, double expected) {
    NDArray gram = rows.matMul(rows.transpose());
    int n = (int) gram.getShape().get(0);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        // Values are rounded to single precision.
        assertThat((double) gram.getFloat(i, j)).isCloseTo(i == j ? expected : 0, within(1e-6));
      }
    }
  }

  @Test
  void arraysStayTheSameAndStillWantGradientsOnAnyThread() throws InterruptedException {
    Linear linear = linear(8);
    linear.initialize(manager, DataType.FLOAT32, new Shape(1, 5));
    NDArray array = weight(linear, "weight");
    float[] before = array.toFloatArray();
    BlockParameters parameters = BlockParameters.of(linear).othersHidden();
    Thread other =
        new Thread(() -> PlannedInitializer.withSeed(1).initialize(parameters, plan(parameters)));
    other.start();
    other.join();
    assertThat(weight(linear, "weight")).isSameAs(array);
    assertThat(array.hasGradient()).isTrue();
    assertThat(array.toFloatArray()).isNotEqualTo(before);
  }

  @Test
  void doublesAreDrawnInDoublePrecision() {
    Linear linear = linear(8);
    linear.initialize(manager, DataType.FLOAT64, new Shape(1, 5));
    BlockParameters parameters = BlockParameters.of(linear).othersHidden();
    PlannedInitializer.withSeed(7).initialize(parameters, plan(parameters));
    double[] doubles = weight(linear, "weight").toDoubleArray();
    float[] floats = values(PlannedInitializer.withSeed(7), linear(8));
    for (int i = 0; i < floats.length; i++) {
      assertThat((float) doubles[i]).isEqualTo(floats[i]);
    }
    assertThat(Arrays.stream(doubles).anyMatch(value -> value != (float) value)).isTrue();
  }

  @Test
  void anotherNetworksPlanIsRefused() {
    Linear linear = linear(8);
    linear.initialize(manager, DataType.FLOAT32, new Shape(1, 5));
    BlockParameters parameters = BlockParameters.of(linear).othersHidden();
    Plan plan = plan(parameters);
    Linear other = linear(9);
    other.initialize(manager, DataType.FLOAT32, new Shape(1, 5));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PlannedInitializer.withSeed(1)
                    .initialize(BlockParameters.of(other).othersHidden(), plan))
        .withMessageContaining("plan the network that is initialised");
    linear.clear();
    assertThatExceptionOfType(UninitializedParameterException.class)
        .isThrownBy(() -> PlannedInitializer.withSeed(1).initialize(parameters, plan));
  }
}
