package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;

final class BatchedMlpTrainerTest {
  private static final int[][] WIDTHS = {{24, 3}, {24, 7, 13, 3}, {24, 9, 16, 5, 1}};
  private static final TrainingLength LENGTH = new TrainingLength(50, 7);

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
          for (int examples : new int[] {1, 10, 24, 40}) {
            networks.add(Arguments.of(MlpShape.of(activation, widths).withBias(bias), examples));
          }
        }
      }
    }
    return networks.stream();
  }

  /** Weights, data and rates of its own. */
  private static MlpTask task(MlpShape shape, int examples, int member, TrainingListener listener) {
    return new MlpTask(
        Problems.weights(ScalarType.Double, shape, 5 + member),
        Problems.batch(ScalarType.Double, examples, shape, 50 + member),
        Problems.rates(shape, 0.03 * (1 + member)),
        listener);
  }

  private static TrainingResult alone(MlpTask task, Activation activation)
      throws InterruptedException {
    return CompressedMlpTrainer.train(
        task.initial(), activation, task.batch(), task.rates(), LENGTH, TrainingListener.none());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void eachTakesTheStepsThatItTakesAlone(MlpShape shape, int examples) throws InterruptedException {
    List<MlpTask> tasks = new ArrayList<>();
    List<List<LossPoint>> seen = new ArrayList<>();
    List<Double> distances = new ArrayList<>();
    for (int member = 0; member < 3; member++) {
      List<LossPoint> points = new ArrayList<>();
      seen.add(points);
      MlpTask quiet = task(shape, examples, member, TrainingListener.none());
      tasks.add(
          new MlpTask(
              quiet.initial(),
              quiet.batch(),
              quiet.rates(),
              (point, weights) -> {
                points.add(point);
                if (point.step() == 0) {
                  distances.add(Problems.distance(weights.get(), quiet.initial()));
                }
              }));
    }
    List<TrainingResult> together = BatchedMlpTrainer.train(tasks, shape.activation(), LENGTH);
    assertThat(together).hasSize(3);
    assertThat(distances).hasSize(3).allSatisfy(distance -> assertThat(distance).isZero());
    for (int member = 0; member < 3; member++) {
      TrainingResult.Completed expected =
          (TrainingResult.Completed) alone(tasks.get(member), shape.activation());
      TrainingResult.Completed actual = (TrainingResult.Completed) together.get(member);
      assertThat(Problems.distance(actual.weights(), expected.weights())).isLessThan(1e-10);
      assertThat(Problems.distance(actual.weights(), tasks.get(member).initial()))
          .isGreaterThan(1e-3);
      assertThat(actual.losses()).isEqualTo(seen.get(member)).hasSameSizeAs(expected.losses());
      for (int i = 0; i < actual.losses().size(); i++) {
        assertThat(actual.losses().get(i).step()).isEqualTo(expected.losses().get(i).step());
        assertThat(actual.losses().get(i).loss())
            .isCloseTo(expected.losses().get(i).loss(), within(1e-10));
      }
    }
  }

  @Test
  void whatDivergesDoesNotConcernTheOthers() throws InterruptedException {
    MlpShape shape = MlpShape.of(Activation.IDENTITY, 24, 7, 13, 3);
    MlpTask calm = task(shape, 10, 0, TrainingListener.none());
    MlpTask wild =
        new MlpTask(
            calm.initial(), calm.batch(), Problems.rates(shape, 1e6), TrainingListener.none());
    List<TrainingResult> together =
        BatchedMlpTrainer.train(List.of(wild, calm), Activation.IDENTITY, LENGTH);
    TrainingResult.Diverged expected = (TrainingResult.Diverged) alone(wild, Activation.IDENTITY);
    assertThat(together.get(0))
        .isInstanceOfSatisfying(
            TrainingResult.Diverged.class,
            diverged -> {
              assertThat(diverged.step()).isEqualTo(expected.step());
              assertThat(diverged.losses()).hasSameSizeAs(expected.losses());
            });
    TrainingResult.Completed other = (TrainingResult.Completed) alone(calm, Activation.IDENTITY);
    assertThat(((TrainingResult.Completed) together.get(1)).finalLoss())
        .isCloseTo(other.finalLoss(), within(1e-10));
  }

  @Test
  void refusesNetworksOfSeveralShapes() {
    MlpTask narrow = task(MlpShape.of(Activation.RELU, 24, 7, 3), 10, 0, TrainingListener.none());
    MlpTask wide = task(MlpShape.of(Activation.RELU, 24, 8, 3), 10, 0, TrainingListener.none());
    assertThatThrownBy(
            () -> BatchedMlpTrainer.train(List.of(narrow, wide), Activation.RELU, LENGTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "networks that are trained together have one shape, but there are [7, 24][3, 7] on 10"
                + " examples and [8, 24][3, 8] on 10 examples");
    assertThatThrownBy(() -> BatchedMlpTrainer.train(List.of(), Activation.RELU, LENGTH))
        .hasMessageContaining("at least one network");
  }
}
