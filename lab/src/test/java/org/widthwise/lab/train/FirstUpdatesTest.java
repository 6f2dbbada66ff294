package org.widthwise.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.monitor.LayerSizes;
import org.widthwise.torch.monitor.Observation;
import org.widthwise.torch.monitor.Quantity;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.optim.OptimizerSettings;

final class FirstUpdatesTest {

  private static final ImageDataset IMAGES = StandIn.generate(3, 5);

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static TrainingRun run(
      Architecture network, String rule, double rate, TrainingSettings settings) {
    boolean flat = network instanceof Architecture.Perceptron;
    return TrainingRun.of(
        network,
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.named(rule)).withLearningRate(rate),
        OptimizerSettings.withDefaults(),
        TrainingData.images(IMAGES, Optional.empty(), Optional.empty(), flat),
        settings);
  }

  /**
   * The gradient of one example is an outer product, and so is its sign, whose spectral norm is
   * √(fanIn·fanOut): under Parametrization 1 its size over the target is the global rate, in every
   * layer.
   */
  @Test
  void theRateInSpectralUnitsIsTheGlobalOne() throws InterruptedException {
    Architecture network =
        new Architecture.Perceptron(MlpShape.of(Activation.TANH, 3072, 8, 16, 10));
    FirstUpdates first = new FirstUpdates();
    run(network, "sign", 0.03, TrainingSettings.withDefaults(12).withBatch(1))
        .withObserver(first)
        .run(progress -> {}, () -> false);
    assertThat(first.observations())
        .extracting(Observation::step)
        .containsExactly(0L, 1L, 2L, 4L, 8L);
    for (LayerSizes layer : first.observations().get(1).layers()) {
      // The search for spectral norms stops at a relative error of 10⁻³.
      assertThat(layer.value(Quantity.UPDATE).orElseThrow())
          .as(layer.parameter())
          .isCloseTo(0.03, within(0.03 * 2e-3));
      assertThat(layer.value(Quantity.UPDATE_ALIGNMENT).orElseThrow()).isBetween(0.0, 1.001);
    }
    assertThat(first.observations().get(0).layers().get(0).values())
        .containsKeys(Quantity.WEIGHT, Quantity.WEIGHT_ALIGNMENT)
        .doesNotContainKey(Quantity.UPDATE);
  }

  /** Forward passes of a probe would move the running statistics. */
  @Test
  void looksAtNoFeaturesWhereThereAreRunningStatisticsAndChangesNothing()
      throws InterruptedException {
    Architecture network = new Architecture.Residual(ResNetShape.cifar10(4, 1));
    TrainingSettings settings = TrainingSettings.withDefaults(3).withBatch(4).withSeed(9);
    List<Double> plain = new ArrayList<>();
    run(network, "adam", 0.1, settings).run(progress -> plain.add(progress.loss()), () -> false);
    List<Double> watched = new ArrayList<>();
    FirstUpdates first = new FirstUpdates();
    run(network, "adam", 0.1, settings)
        .withObserver(first)
        .run(progress -> watched.add(progress.loss()), () -> false);
    assertThat(watched).isEqualTo(plain);
    LayerSizes stem = first.observations().get(1).layer("conv1.weight");
    assertThat(stem.value(Quantity.UPDATE)).isPresent();
    assertThat(stem.value(Quantity.UPDATE_ALIGNMENT)).isEmpty();
  }
}
