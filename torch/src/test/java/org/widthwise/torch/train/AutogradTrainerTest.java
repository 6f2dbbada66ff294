package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

final class AutogradTrainerTest {
  private static final MlpShape LINEAR = MlpShape.of(Activation.IDENTITY, 4, 3);

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void linearRegressionDescendsAsInClosedForm() throws InterruptedException {
    FullBatch batch = Problems.batch(ScalarType.Double, 9, LINEAR, 1);
    MlpWeights start = Problems.weights(ScalarType.Double, LINEAR, 2);
    Mlp mlp = Problems.mlp(ScalarType.Double, LINEAR, start);
    double rate = 0.2;

    TrainingResult result =
        AutogradTrainer.train(
            mlp,
            batch,
            new Sgd(mlp, LayerRates.of(rate).byParameterName(), SgdOptions.plain()),
            new TrainingLength(25, 10),
            TrainingListener.none());

    // Mean over batch and outputs, no factor 1/2: the gradient is 2/(B n_L) (X W' - Y)' X.
    Tensor x = batch.inputs();
    Tensor w = start.weights().get(0).clone();
    double[] losses = new double[26];
    for (int step = 0; step <= 25; step++) {
      Tensor residual = x.mm(w.t()).sub(batch.targets());
      losses[step] = residual.square().sum().item_double() / 27;
      if (step < 25) {
        w = w.sub(residual.t().mm(x).mul(new Scalar(rate * 2 / 27)));
      }
    }
    assertThat(result).isInstanceOf(TrainingResult.Completed.class);
    TrainingResult.Completed completed = (TrainingResult.Completed) result;
    assertThat(completed.losses())
        .extracting(LossPoint::step)
        .isEqualTo(List.of(0L, 10L, 20L, 25L));
    for (LossPoint point : completed.losses()) {
      assertThat(point.loss()).isCloseTo(losses[(int) point.step()], within(1e-13));
    }
    assertThat(completed.finalLoss()).isCloseTo(losses[25], within(1e-13));
    assertThat(Problems.distance(completed.weights(), new MlpWeights(List.of(w), List.of())))
        .isLessThan(1e-13);
    assertThat(losses[25]).isLessThan(losses[0]);
  }

  @Test
  void reportsDivergenceWhereItFindsIt() throws InterruptedException {
    FullBatch batch = Problems.batch(ScalarType.Float, 9, LINEAR, 1);
    Mlp mlp = Problems.mlp(ScalarType.Float, LINEAR, Problems.weights(ScalarType.Float, LINEAR, 2));
    TrainingResult result =
        AutogradTrainer.train(
            mlp,
            batch,
            new Sgd(mlp, LayerRates.of(1e30).byParameterName(), SgdOptions.plain()),
            new TrainingLength(1000, 5),
            TrainingListener.none());
    assertThat(result).isInstanceOf(TrainingResult.Diverged.class);
    assertThat(((TrainingResult.Diverged) result).step()).isEqualTo(5);
    assertThat(result.losses()).hasSize(1);
  }

  @Test
  void stopsWhenInterrupted() {
    FullBatch batch = Problems.batch(ScalarType.Float, 9, LINEAR, 1);
    Mlp mlp = new Mlp(LINEAR);
    Sgd sgd = new Sgd(mlp, LayerRates.of(0.1).byParameterName(), SgdOptions.plain());
    assertThatThrownBy(
            () ->
                AutogradTrainer.train(
                    mlp,
                    batch,
                    sgd,
                    new TrainingLength(1000, 10),
                    (point, weights) -> {
                      if (point.step() == 20) {
                        Thread.currentThread().interrupt();
                      }
                    }))
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("after 30 steps");
  }

  @Test
  void saysWhatDoesNotFit() {
    Mlp mlp = new Mlp(MlpShape.of(Activation.RELU, 4, 2));
    FullBatch batch = Problems.batch(ScalarType.Float, 9, LINEAR, 1);
    Sgd sgd = new Sgd(mlp, LayerRates.of(0.1).byParameterName(), SgdOptions.plain());
    assertThatThrownBy(
            () ->
                AutogradTrainer.train(
                    mlp, batch, sgd, TrainingLength.ofSteps(1), TrainingListener.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 columns");
    assertThatThrownBy(() -> new TrainingLength(-1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrainingLength(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
