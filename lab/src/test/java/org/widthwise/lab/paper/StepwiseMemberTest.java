package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.lab.data.ImageBatch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.plan.InitScheme;

/** A member against loops over float64 arrays: pooling, targets, training and every measure. */
final class StepwiseMemberTest {

  private static final ImageDataset DATA = StandIn.generate(120, 7);
  private static final int INPUTS = 12;
  private static final int B = StepwiseMember.EXAMPLES;
  private static final int WIDTH = 16;
  private static final int STEPS = 3;
  private static final int TRIAL = 1;
  private static final long SEED = 5;

  private static Settings settings() {
    return Settings.training(List.of((long) WIDTH), 2, STEPS).withSeed(SEED);
  }

  private static MemberResult run(String scheme, double rateFactor) throws InterruptedException {
    ConditionScheme found =
        ConditionScheme.ALL.stream().filter(s -> s.id().equals(scheme)).findFirst().orElseThrow();
    return new StepwiseMember(
            new MemberKey(scheme, WIDTH, TRIAL),
            found.recipe().withLearningRate(found.learningRate() * rateFactor),
            InitScheme.GAUSSIAN,
            settings(),
            DATA)
        .run(share -> {});
  }

  @ParameterizedTest
  // σ₁, σ₂, σ₃ over √2, and η₁, η₂, η₃.
  @CsvSource({
    "spectral, 12, 16, 256, 0.0666666666667, 0.2, 0.0125",
    "sp, 12, 16, 16, 0.005, 0.02, 0.02",
    "ntp, 12, 16, 16, 0.00416666666667, 0.0125, 0.0125"
  })
  void measuresWhatPlainLoopsMeasure(
      String scheme, double var1, double var2, double var3, double r1, double r2, double r3)
      throws InterruptedException {
    MemberResult result = run(scheme, 1);

    double[][] x = pooled();
    PlainNetwork before = drawn(Math.sqrt(2 / var1), Math.sqrt(2 / var2), Math.sqrt(2 / var3));
    double[] y = new double[B];
    for (int b = 0; b < B; b++) {
      boolean airplane = TwoClassTask.draw(DATA, B, SEED, TRIAL).batch().label(b) == 0;
      y[b] = (airplane ? 1 : -1) + output(before, x[b]);
    }
    SortedMap<String, Double> expected = new TreeMap<>();
    expected.put("diverged", 0.0);
    norms(expected, "init.weight", before.w1, before.w2, before.w3);
    features(expected, "init.feature", before, null, x);
    PlainNetwork now = before.copy();
    for (int step = 1; step <= STEPS; step++) {
      PlainNetwork previous = now.copy();
      now.step(x, y, r1, r2, r3);
      // The middle one is step √3, to the nearest.
      String time = List.of("first", "middle", "last").get(step - 1);
      changes(expected, time + ".update", previous, now);
      if (step == STEPS) {
        changes(expected, time + ".weight_change", before, now);
      }
      features(expected, time + ".feature_change", before, now, x);
      if (step == 1) {
        effect(expected, 1, before, new PlainNetwork(now.w1, before.w2, before.w3), x);
        effect(expected, 2, before, new PlainNetwork(before.w1, now.w2, before.w3), x);
        effect(expected, 3, before, new PlainNetwork(before.w1, before.w2, now.w3), x);
      }
    }

    assertThat(result.values().keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, value) ->
            assertThat(result.values().get(name))
                .as(name)
                .isCloseTo(value, Percentage.withPercentage(0.05)));
    assertThat(result.finalLoss()).isCloseTo(now.loss(x, y), Percentage.withPercentage(0.01));
    assertThat(result.steps()).isEqualTo(STEPS);
    assertThat(result.diverged()).isFalse();
    // The first error is ±1 whatever the network.
    assertThat(before.loss(x, y)).isCloseTo(1, Percentage.withPercentage(1e-10));
    assertThat(now.loss(x, y)).isLessThan(1);
  }

  @Test
  void aDivergedRunKeepsItsFirstStep() throws InterruptedException {
    MemberResult result = run("spectral", 1e12);
    assertThat(result.diverged()).isTrue();
    assertThat(result.finalLoss()).isNaN();
    assertThat(result.values())
        .containsEntry("diverged", 1.0)
        .containsKeys("init.weight.2", "first.update.2", "first.feature_change.1")
        .doesNotContainKey("last.update.2");
    double usual = run("spectral", 1).values().getOrDefault("first.update.2", Double.NaN);
    assertThat(result.values().get("first.update.2"))
        .isCloseTo(1e12 * usual, Percentage.withPercentage(0.01));
  }

  private static double output(PlainNetwork network, double[] x) {
    return PlainNetwork.dot(network.w3, PlainNetwork.relu(network.h2(x)));
  }

  private static void norms(
      SortedMap<String, Double> into, String name, double[][] w1, double[][] w2, double[] w3) {
    into.put(name + ".1", PlainNetwork.spectral(w1) / Math.sqrt((double) WIDTH / INPUTS));
    into.put(name + ".2", PlainNetwork.spectral(w2));
    into.put(name + ".3", PlainNetwork.norm(w3) * Math.sqrt(WIDTH));
  }

  private static void changes(
      SortedMap<String, Double> into, String name, PlainNetwork from, PlainNetwork to) {
    norms(
        into,
        name,
        PlainNetwork.minus(to.w1, from.w1),
        PlainNetwork.minus(to.w2, from.w2),
        PlainNetwork.minus(to.w3, from.w3));
  }

  /** Sizes of features, or of their changes where there are two networks. */
  private static void features(
      SortedMap<String, Double> into,
      String name,
      PlainNetwork network,
      @Nullable PlainNetwork other,
      double[][] x) {
    double[] sums = new double[3];
    for (double[] input : x) {
      double[][] h = layers(network, input);
      double[][] g =
          other == null
              ? new double[][] {new double[WIDTH], new double[WIDTH], {0}}
              : layers(other, input);
      for (int layer = 0; layer < 3; layer++) {
        sums[layer] += PlainNetwork.norm(PlainNetwork.minus(g[layer], h[layer]));
      }
    }
    for (int layer = 0; layer < 3; layer++) {
      into.put(name + "." + (layer + 1), sums[layer] / B / (layer < 2 ? Math.sqrt(WIDTH) : 1));
    }
  }

  private static double[][] layers(PlainNetwork network, double[] x) {
    double[] h1 = new double[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      h1[i] = PlainNetwork.dot(network.w1[i], x);
    }
    return new double[][] {h1, network.h2(x), {output(network, x)}};
  }

  private static void effect(
      SortedMap<String, Double> into,
      int layer,
      PlainNetwork before,
      PlainNetwork after,
      double[][] x) {
    double sum = 0;
    for (double[] input : x) {
      sum += Math.abs(output(after, input) - output(before, input));
    }
    into.put("first.effect." + layer, sum / B);
  }

  /** Means of raw pixels over quarters of each channel, then all to mean 0 and variance 1. */
  private static double[][] pooled() {
    ImageBatch batch = TwoClassTask.draw(DATA, B, SEED, TRIAL).batch();
    double[][] x = new double[B][INPUTS];
    float[] pixels = new float[3 * 32 * 32];
    double mean = 0;
    double squares = 0;
    for (int b = 0; b < B; b++) {
      DATA.copyPixels(batch.indices()[b], pixels, 0);
      for (int k = 0; k < pixels.length; k++) {
        int channel = k / 1024;
        int row = k % 1024 / 32;
        int column = k % 32;
        x[b][channel * 4 + row / 16 * 2 + column / 16] += pixels[k] / 256;
      }
      for (double value : x[b]) {
        mean += value / (B * INPUTS);
        squares += value * value / (B * INPUTS);
      }
    }
    double deviation = Math.sqrt(squares - mean * mean);
    for (double[] row : x) {
      for (int k = 0; k < INPUTS; k++) {
        row[k] = (row[k] - mean) / deviation;
      }
    }
    return x;
  }

  private static PlainNetwork drawn(double sigma1, double sigma2, double sigma3) {
    Libtorch.load();
    try (PointerScope scope = new PointerScope()) {
      Generator generator =
          torch.createCPUGenerator((SEED * 1_000_003 + TRIAL) * 1_000_003 + WIDTH);
      return new PlainNetwork(
          gaussian(generator, WIDTH, INPUTS, sigma1),
          gaussian(generator, WIDTH, WIDTH, sigma2),
          gaussian(generator, 1, WIDTH, sigma3)[0]);
    }
  }

  private static double[][] gaussian(Generator generator, int rows, int columns, double sigma) {
    Tensor tensor =
        torch.zeros(new long[] {rows, columns}).normal_(0.0, 1.0, new GeneratorOptional(generator));
    float[] flat = new float[rows * columns];
    tensor.data_ptr_float().get(flat);
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows * columns; i++) {
      matrix[i / columns][i % columns] = sigma * flat[i];
    }
    return matrix;
  }
}
