package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Adam;
import org.widthwise.torch.optim.GradientDirection;
import org.widthwise.torch.optim.Momentum;

final class StepwiseMlpTest {
  private static final MlpShape SHAPE = MlpShape.of(Activation.TANH, 24, 7, 13, 3).withBias(true);
  private static final Loss LOSS = new Loss.MeanSquaredError();

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
  @EnumSource(
      value = ScalarType.class,
      names = {"Float", "Double"})
  void takesTheStepsOfTheCompressedTrainerToRounding(ScalarType type) throws InterruptedException {
    FullBatch all = Problems.batch(type, 10, SHAPE, 6);
    MlpWeights start = Problems.weights(type, SHAPE, 5);
    TrainingResult.Completed expected =
        (TrainingResult.Completed)
            CompressedMlpTrainer.train(
                start,
                SHAPE.activation(),
                all,
                Problems.rates(SHAPE, 0.1),
                new TrainingLength(50, 1),
                TrainingListener.none());
    // Weights of size 1, rounded at each of 50 steps.
    double tolerance = type == ScalarType.Double ? 1e-10 : 5e-6;
    try (StepwiseMlp mlp = descent(start)) {
      for (int step = 0; step < 50; step++) {
        try (PointerScope inner = new PointerScope()) {
          StepResult.Taken taken = taken(mlp.step(Batch.of(all)));
          assertThat(taken.number()).isEqualTo(step + 1);
          assertThat(taken.pass().loss())
              .isCloseTo(expected.losses().get(step).loss(), within(tolerance));
        }
      }
      assertThat(Problems.distance(mlp.weights(), expected.weights())).isLessThan(tolerance);
      assertThat(mlp.steps()).isEqualTo(50);
    }
  }

  /** Another minibatch of tokens each time, momentum, cross-entropy: against autograd and SGD. */
  @Test
  void takesTheStepsOfAutogradOnMinibatchesOfTokens() {
    MlpWeights start = Problems.weights(ScalarType.Double, SHAPE, 5);
    Batch all =
        new Batch(
            indices(3, 23, 0, 0, 7, 3, 11, 20, 5, 5, 5, 9),
            indices(0, 1, 2, 2, 1, 0, 0, 1, 1, 2, 2, 0));
    Mlp reference = Problems.mlp(ScalarType.Double, SHAPE, start);
    Sgd sgd =
        new Sgd(
            reference,
            Problems.rates(SHAPE, 0.1).byParameterName(),
            SgdOptions.plain().withMomentum(0.8));
    try (StepwiseMlp mlp =
        StepwiseMlp.of(
            start,
            SHAPE.activation(),
            new Loss.SoftmaxCrossEntropy(),
            new Momentum(0.8, false),
            Problems.rates(SHAPE, 0.1))) {
      for (int step = 0; step < 30; step++) {
        Batch batch = all.select(indices(step % 12, (5 * step + 1) % 12, (7 * step + 2) % 12));
        StepResult.Taken taken = taken(mlp.step(batch));
        sgd.zeroGradients();
        Tensor inputs = torch.one_hot(batch.inputs(), 24).to(ScalarType.Double);
        Tensor loss = torch.cross_entropy_loss(reference.forward(inputs), batch.targets());
        assertThat(taken.pass().loss()).isCloseTo(loss.item_double(), within(1e-12));
        loss.backward();
        sgd.step();
      }
      assertThat(Problems.distance(mlp.weights(), MlpWeights.of(reference))).isLessThan(1e-12);
      assertThat(Problems.distance(mlp.weights(), start)).isGreaterThan(0.01);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void showsThePassBeforeAndTheUpdateMade(boolean bias) {
    MlpShape shape = SHAPE.withBias(bias);
    Batch batch = Batch.of(Problems.batch(ScalarType.Double, 10, shape, 6));
    try (StepwiseMlp mlp =
        StepwiseMlp.of(
            Problems.weights(ScalarType.Double, shape, 5),
            shape.activation(),
            LOSS,
            Adam.withDefaults(),
            Problems.rates(shape, 0.1))) {
      for (int step = 0; step < 3; step++) {
        MlpWeights before = mlp.weights().copy();
        MlpPass expected = MlpPass.of(before, shape.activation(), LOSS, batch);
        assertThat(mlp.pass(batch).loss()).isEqualTo(expected.loss());

        StepResult.Taken taken = taken(mlp.step(batch));

        assertThat(taken.pass().loss()).isEqualTo(expected.loss());
        assertThat(Problems.identical(taken.pass().gradients(), expected.gradients())).isTrue();
        MlpWeights after = before.copy();
        after.add(taken.update());
        assertThat(Problems.identical(mlp.weights(), after)).isTrue();
        assertThat(Problems.distance(before, after)).isGreaterThan(1e-4);
        assertThat(
                mlp.forward(batch.inputs())
                    .output()
                    .equal(MlpForward.of(after, shape.activation(), batch.inputs()).output()))
            .isTrue();
      }
      assertThat(mlp.weightStates())
          .hasSize(3)
          .allSatisfy(state -> assertThat(state.updates()).isEqualTo(3))
          .allSatisfy(state -> assertThat(state.tensors()).containsOnlyKeys("mean", "square"));
      assertThat(mlp.biasStates()).hasSize(bias ? 3 : 0);
    }
  }

  @Test
  void noticesDivergenceAndLeavesTheWeights() {
    Batch batch = Batch.of(Problems.batch(ScalarType.Float, 10, SHAPE, 6));
    MlpShape shape = MlpShape.of(Activation.RELU, 24, 11, 3);
    try (StepwiseMlp mlp =
        StepwiseMlp.of(
            Problems.weights(ScalarType.Float, shape, 5),
            shape.activation(),
            LOSS,
            new GradientDirection(),
            Problems.rates(shape, 1e6))) {
      StepResult result = mlp.step(batch);
      while (result instanceof StepResult.Taken taken) {
        assertThat(taken.pass().loss()).isFinite();
        assertThat(taken.number()).isLessThan(30);
        result = mlp.step(batch);
      }
      StepResult.Diverged diverged = (StepResult.Diverged) result;
      assertThat(diverged.loss()).isNotFinite();
      assertThat(diverged.number()).isEqualTo(mlp.steps() + 1).isGreaterThan(1);
      long taken = mlp.steps();
      assertThat(mlp.step(batch)).isEqualTo(diverged);
      assertThat(mlp.steps()).isEqualTo(taken);
    }
  }

  @Test
  void leavesTheInitialWeightsAloneAndPutsTheThreadsBack() {
    MlpWeights start = Problems.weights(ScalarType.Float, SHAPE, 5);
    int threads = Libtorch.threads();
    try (StepwiseMlp mlp = descent(start)) {
      assertThat(Libtorch.threads()).isEqualTo(1);
      mlp.step(Batch.of(Problems.batch(ScalarType.Float, 10, SHAPE, 6)));
    }
    assertThat(Problems.identical(start, Problems.weights(ScalarType.Float, SHAPE, 5))).isTrue();
    assertThat(Libtorch.threads()).isEqualTo(threads);
  }

  @Test
  void saysWhatDoesNotFit() {
    int threads = Libtorch.threads();
    MlpWeights start = Problems.weights(ScalarType.Float, SHAPE, 5);
    GradientDirection direction = new GradientDirection();
    LayerRates rates = Problems.rates(SHAPE, 0.1);
    assertThatThrownBy(
            () -> StepwiseMlp.of(start, Activation.TANH, LOSS, direction, LayerRates.of(1, 1, 1)))
        .hasMessageContaining("with biases needs a rate");
    LayerDirections few = LayerDirections.same(direction, LayerRates.of(1, 1, 1));
    assertThatThrownBy(() -> StepwiseMlp.of(start, Activation.TANH, LOSS, few, rates))
        .hasMessageContaining("3 weights and 3 biases")
        .hasMessageContaining("got 3 and 0");
    assertThatThrownBy(() -> new LayerDirections(few.weights(), few.weights().subList(0, 2)))
        .hasMessageContaining("2 for 3");
    assertThat(Libtorch.threads()).isEqualTo(threads);
  }

  private static StepwiseMlp descent(MlpWeights start) {
    return StepwiseMlp.of(
        start, SHAPE.activation(), LOSS, new GradientDirection(), Problems.rates(SHAPE, 0.1));
  }

  private static StepResult.Taken taken(StepResult result) {
    assertThat(result).isInstanceOf(StepResult.Taken.class);
    return (StepResult.Taken) result;
  }

  private static Tensor indices(long... values) {
    return torch.tensor(values, new TensorOptions(ScalarType.Long));
  }
}
