package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

final class CompressedMlpTrainerTest {
  private static final int[][] WIDTHS = {
    {24, 3}, {24, 11, 2}, {24, 7, 13, 3}, {24, 9, 16, 5, 2},
  };

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<Arguments> networks() {
    List<Arguments> networks = new ArrayList<>();
    for (int[] widths : WIDTHS) {
      for (Activation activation : Activation.values()) {
        for (boolean bias : new boolean[] {false, true}) {
          for (int examples : new int[] {1, 10, 23, 24, 40}) {
            networks.add(Arguments.of(MlpShape.of(activation, widths).withBias(bias), examples));
          }
        }
      }
    }
    return networks.stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void takesTheStepsOfAutogradToRounding(MlpShape shape, int examples) throws InterruptedException {
    TrainingLength length = new TrainingLength(50, 7);
    MlpWeights start = Problems.weights(ScalarType.Double, shape, 5);

    TrainingResult.Completed expected = byAutograd(ScalarType.Double, shape, examples, length);
    TrainingResult.Completed actual = compressed(ScalarType.Double, shape, examples, length);

    assertThat(Problems.distance(actual.weights(), expected.weights())).isLessThan(1e-10);
    assertThat(Problems.distance(actual.weights(), start)).isGreaterThan(1e-3);
    assertThat(actual.finalLoss()).isCloseTo(expected.finalLoss(), within(1e-10));
    assertThat(actual.losses()).hasSameSizeAs(expected.losses());
    for (int i = 0; i < actual.losses().size(); i++) {
      assertThat(actual.losses().get(i).step()).isEqualTo(expected.losses().get(i).step());
      assertThat(actual.losses().get(i).loss())
          .isCloseTo(expected.losses().get(i).loss(), within(1e-10));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 40})
  void takesThemInSinglePrecisionToo(int examples) throws InterruptedException {
    MlpShape shape = MlpShape.of(Activation.TANH, 24, 7, 13, 3).withBias(true);
    TrainingLength length = new TrainingLength(50, 7);
    TrainingResult.Completed expected = byAutograd(ScalarType.Float, shape, examples, length);
    TrainingResult.Completed actual = compressed(ScalarType.Float, shape, examples, length);
    // 50 steps of weights of size 1, each rounded at 6e-8.
    assertThat(Problems.distance(actual.weights(), expected.weights())).isLessThan(5e-6);
    assertThat(actual.finalLoss()).isCloseTo(expected.finalLoss(), within(5e-6));
  }

  @Test
  void givesTheSameBitsAloneAndBesideOthers() throws Exception {
    MlpShape shape = MlpShape.of(Activation.GELU, 300, 40, 40, 1).withBias(true);
    TrainingLength length = new TrainingLength(300, 100);
    TrainingResult.Completed alone = compressed(ScalarType.Float, shape, 64, length);
    assertThat(Problems.identical(alone.weights(), Problems.weights(ScalarType.Float, shape, 5)))
        .isFalse();

    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<TrainingResult.Completed>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        runs.add(threads.submit(() -> compressed(ScalarType.Float, shape, 64, length)));
      }
      for (Future<TrainingResult.Completed> run : runs) {
        assertThat(run.get().losses()).isEqualTo(alone.losses());
        assertThat(Problems.identical(run.get().weights(), alone.weights())).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void leavesTheInitialWeightsAloneAndPutsTheThreadsBack() throws InterruptedException {
    MlpShape shape = MlpShape.of(Activation.RELU, 24, 11, 2);
    MlpWeights start = Problems.weights(ScalarType.Float, shape, 5);
    int threads = Libtorch.threads();
    CompressedMlpTrainer.train(
        start,
        shape.activation(),
        Problems.batch(ScalarType.Float, 10, shape, 6),
        Problems.rates(shape, 0.1),
        TrainingLength.ofSteps(5),
        TrainingListener.none());
    assertThat(Problems.identical(start, Problems.weights(ScalarType.Float, shape, 5))).isTrue();
    assertThat(Libtorch.threads()).isEqualTo(threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 40})
  void showsTheListenerTheWeightsOfThatMoment(int examples) throws InterruptedException {
    MlpShape shape = MlpShape.of(Activation.RELU, 24, 11, 2).withBias(true);
    MlpWeights start = Problems.weights(ScalarType.Double, shape, 5);
    MlpWeights early =
        compressed(ScalarType.Double, shape, examples, TrainingLength.ofSteps(6)).weights();
    MlpWeights late =
        compressed(ScalarType.Double, shape, examples, TrainingLength.ofSteps(9)).weights();
    List<Long> seen = new ArrayList<>();

    CompressedMlpTrainer.train(
        start,
        shape.activation(),
        Problems.batch(ScalarType.Double, examples, shape, 6),
        Problems.rates(shape, 0.1),
        new TrainingLength(9, 6),
        (point, weights) -> {
          seen.add(point.step());
          MlpWeights expected = point.step() == 0 ? start : point.step() == 6 ? early : late;
          assertThat(Problems.identical(weights.get(), expected)).isTrue();
        });

    assertThat(seen).containsExactly(0L, 6L, 9L);
  }

  @Test
  void zeroStepsChangeNothing() throws InterruptedException {
    MlpShape shape = MlpShape.of(Activation.RELU, 24, 11, 2).withBias(true);
    TrainingResult.Completed result =
        compressed(ScalarType.Float, shape, 10, TrainingLength.ofSteps(0));
    assertThat(result.losses()).hasSize(1);
    assertThat(Problems.identical(result.weights(), Problems.weights(ScalarType.Float, shape, 5)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 40})
  void reportsDivergenceInsteadOfNumbersThatAreNone(int examples) throws InterruptedException {
    MlpShape shape = MlpShape.of(Activation.RELU, 24, 11, 2);
    TrainingResult result =
        CompressedMlpTrainer.train(
            Problems.weights(ScalarType.Float, shape, 5),
            shape.activation(),
            Problems.batch(ScalarType.Float, examples, shape, 6),
            Problems.rates(shape, 1e6),
            new TrainingLength(100_000_000, 20),
            TrainingListener.none());
    assertThat(result).isInstanceOf(TrainingResult.Diverged.class);
    assertThat(((TrainingResult.Diverged) result).step()).isEqualTo(20);
    assertThat(result.losses()).hasSize(1);
    assertThat(result.losses().get(0).loss()).isFinite();
  }

  @Test
  void stopsWhenInterrupted() {
    MlpShape shape = MlpShape.of(Activation.RELU, 24, 11, 2);
    assertThatThrownBy(
            () ->
                CompressedMlpTrainer.train(
                    Problems.weights(ScalarType.Float, shape, 5),
                    shape.activation(),
                    Problems.batch(ScalarType.Float, 10, shape, 6),
                    Problems.rates(shape, 0.1),
                    new TrainingLength(100_000_000, 10),
                    (point, weights) -> {
                      if (point.step() == 20) {
                        Thread.currentThread().interrupt();
                      }
                    }))
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("after 30 steps");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void saysWhatDoesNotFit() {
    MlpShape shape = MlpShape.of(Activation.RELU, 24, 11, 2);
    MlpWeights weights = Problems.weights(ScalarType.Float, shape, 5);
    FullBatch batch = Problems.batch(ScalarType.Float, 10, shape, 6);
    LayerRates rates = Problems.rates(shape, 0.1);

    assertRefused(weights, batch, Problems.rates(shape.withBias(true), 0.1), "without biases");
    assertRefused(weights, batch, LayerRates.of(0.1), "2 layers");
    FullBatch narrow = Problems.batch(ScalarType.Float, 10, MlpShape.of(Activation.RELU, 5, 2), 6);
    assertRefused(weights, narrow, rates, "from 24 to 2 features");
    FullBatch wide = Problems.batch(ScalarType.Double, 10, shape, 6);
    assertRefused(weights, wide, rates, "of one type");
    assertThatThrownBy(() -> new FullBatch(batch.inputs(), wide.targets()))
        .hasMessageContaining("float32");
    assertThatThrownBy(() -> new FullBatch(batch.inputs().t(), batch.targets()))
        .hasMessageContaining("[24, 10] and [10, 2]");
    assertThatThrownBy(
            () ->
                new MlpWeights(
                    List.of(weights.weights().get(1), weights.weights().get(0)), List.of()))
        .hasMessageContaining("layer 1");
    assertThatThrownBy(() -> new MlpWeights(List.of(), List.of()))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> LayerRates.of(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> weights.copyInto(new Mlp(shape.withBias(true))))
        .hasMessageContaining("do not fit");
  }

  private static void assertRefused(
      MlpWeights weights, FullBatch batch, LayerRates rates, String reason) {
    assertThatThrownBy(
            () ->
                CompressedMlpTrainer.train(
                    weights,
                    Activation.RELU,
                    batch,
                    rates,
                    TrainingLength.ofSteps(1),
                    TrainingListener.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  private static TrainingResult.Completed byAutograd(
      ScalarType type, MlpShape shape, int examples, TrainingLength length)
      throws InterruptedException {
    Mlp mlp = Problems.mlp(type, shape, Problems.weights(type, shape, 5));
    Sgd sgd = new Sgd(mlp, Problems.rates(shape, 0.1).byParameterName(), SgdOptions.plain());
    return (TrainingResult.Completed)
        AutogradTrainer.train(
            mlp, Problems.batch(type, examples, shape, 6), sgd, length, TrainingListener.none());
  }

  private static TrainingResult.Completed compressed(
      ScalarType type, MlpShape shape, int examples, TrainingLength length)
      throws InterruptedException {
    return (TrainingResult.Completed)
        CompressedMlpTrainer.train(
            Problems.weights(type, shape, 5),
            shape.activation(),
            Problems.batch(type, examples, shape, 6),
            Problems.rates(shape, 0.1),
            length,
            TrainingListener.none());
  }
}
