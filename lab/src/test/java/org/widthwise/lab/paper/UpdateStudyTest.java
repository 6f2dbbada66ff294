package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;

final class UpdateStudyTest {

  private static final ImageDataset DATA = StandIn.generate(100, 7);
  private static final Percentage SINGLE_PRECISION = Percentage.withPercentage(0.02);
  private static final double ETA = 0.2;
  private static final long SEED = 3;
  private static final int TRIAL = 1;
  private static final int B = 32;
  private static final int INPUTS = 48;
  private static final int N = 12;

  private final PointerScope scope = new PointerScope();

  static {
    Libtorch.load();
  }

  private static SortedMap<String, Double> measured(String series, long x, int steps)
      throws InterruptedException {
    Settings settings = Settings.training(List.of((long) N), TRIAL + 1, steps).withSeed(SEED);
    MemberResult result =
        UpdateStudy.INSTANCE.members(settings, DATA).stream()
            .filter(member -> member.key().equals(new MemberKey(series, x, TRIAL)))
            .findFirst()
            .orElseThrow()
            .run(share -> {});
    assertThat(result.diverged()).isFalse();
    assertThat(result.steps()).isEqualTo(steps);
    assertThat(result.finalLoss()).isFinite();
    return result.values();
  }

  /** The random pixels that a member sees, and its weights. */
  private static final class Drawn {
    final Generator generator;
    final double[][] x;
    final double[] y;

    Drawn(long width, int pixels) {
      long seed = (SEED * 1_000_003 + TRIAL) * 1_000_003;
      generator = torch.createCPUGenerator(seed + width);
      Tensor permutation =
          torch.randperm(DATA.features(), new GeneratorOptional(torch.createCPUGenerator(seed)));
      TwoClassTask task = TwoClassTask.draw(DATA, B, SEED, TRIAL);
      float[] all = task.inputs();
      x = new double[B][pixels];
      for (int k = 0; k < pixels; k++) {
        int pixel = (int) permutation.narrow(0, k, 1).item_long();
        for (int b = 0; b < B; b++) {
          x[b][k] = all[b * DATA.features() + pixel];
        }
      }
      float[] targets = task.targets();
      y = IntStream.range(0, B).mapToDouble(b -> targets[b]).toArray();
    }

    double[][] gaussian(int rows, int columns, double sigma, torch.ScalarType type) {
      Tensor tensor =
          torch
              .zeros(new long[] {rows, columns})
              .toType(type)
              .normal_(0.0, 1.0, new GeneratorOptional(generator))
              .toType(torch.ScalarType.Double);
      double[] flat = new double[rows * columns];
      tensor.data_ptr_double().get(flat);
      return IntStream.range(0, rows)
          .mapToObj(
              i ->
                  Arrays.stream(flat, i * columns, (i + 1) * columns)
                      .map(entry -> sigma * entry)
                      .toArray())
          .toArray(double[][]::new);
    }
  }

  @Test
  void aNetworkIsMeasuredAsPlainLoopsMeasure() throws InterruptedException {
    int steps = 3;
    SortedMap<String, Double> values = measured("sgd", N, steps);
    try (scope) {
      Drawn drawn = new Drawn(N, INPUTS);
      double gain = Math.sqrt(2);
      torch.ScalarType single = torch.ScalarType.Float;
      // Parametrization 1: 12 < 48 makes the first layer narrow.
      PlainNetwork first =
          new PlainNetwork(
              drawn.gaussian(
                  N, INPUTS, gain / Math.sqrt(INPUTS) * Math.sqrt((double) N / INPUTS), single),
              drawn.gaussian(N, N, gain / Math.sqrt(N), single),
              drawn.gaussian(1, N, gain / N / 8, single)[0]);
      PlainNetwork now = first.copy();
      PlainNetwork before = first;
      for (int step = 1; step <= steps; step++) {
        before = now.copy();
        now.step(drawn.x, drawn.y, ETA * N / INPUTS, ETA, ETA / N);
        if (step == 1) {
          verify(values, "first.2", PlainNetwork.minus(now.w2, before.w2));
          verify(values, "first.1", PlainNetwork.minus(now.w1, before.w1));
        }
      }
      verify(values, "init.2", first.w2);
      verify(values, "last.2", PlainNetwork.minus(now.w2, before.w2));
      verify(values, "total.2", PlainNetwork.minus(now.w2, first.w2));
      verify(values, "total.3", new double[][] {PlainNetwork.minus(now.w3, first.w3)});
      assertThat(now.loss(drawn.x, drawn.y)).isLessThan(first.loss(drawn.x, drawn.y));
    }
  }

  private static void verify(SortedMap<String, Double> values, String name, double[][] matrix) {
    double spectral = PlainNetwork.spectral(matrix);
    double frobenius = PlainNetwork.frobenius(matrix);
    double ratio = frobenius / spectral;
    double entries = (double) matrix.length * matrix[0].length;
    assertThat(values.get(name + ".spectral")).isCloseTo(spectral, SINGLE_PRECISION);
    assertThat(values.get(name + ".frobenius")).isCloseTo(frobenius, SINGLE_PRECISION);
    assertThat(values.get(name + ".norm_ratio")).isCloseTo(ratio, SINGLE_PRECISION);
    assertThat(values.get(name + ".stable_rank")).isCloseTo(ratio * ratio, SINGLE_PRECISION);
    assertThat(values.get(name + ".rms_entry"))
        .isCloseTo(frobenius / Math.sqrt(entries), SINGLE_PRECISION);
  }

  /** One hidden layer of n = 16·12 = 192 units between √n = 14 inputs and outputs, in loops. */
  @Test
  void rectanglesAreMeasuredAsPlainLoopsMeasure() throws InterruptedException {
    int n = 192;
    int m = 14;
    SortedMap<String, Double> values = measured("rectangles", n, 1);
    try (scope) {
      Drawn drawn = new Drawn(n, m);
      torch.ScalarType single = torch.ScalarType.Float;
      double gain = Math.sqrt(2);
      double[][] w1 = drawn.gaussian(n, m, gain / Math.sqrt(m), single);
      double[][] w2 =
          drawn.gaussian(m, n, gain / 8 / Math.sqrt(n) * Math.sqrt((double) m / n), single);
      double[][] step1 = new double[n][m];
      double[][] step2 = new double[m][n];
      for (int b = 0; b < B; b++) {
        double[] features = new double[n];
        for (int i = 0; i < n; i++) {
          features[i] = Math.max(0, PlainNetwork.dot(w1[i], drawn.x[b]));
        }
        for (int o = 0; o < m; o++) {
          double byOutput = 2.0 / (B * m) * (PlainNetwork.dot(w2[o], features) - drawn.y[b]);
          for (int i = 0; i < n; i++) {
            step2[o][i] -= ETA * m / n * byOutput * features[i];
            for (int k = 0; k < m && features[i] > 0; k++) {
              step1[i][k] -= ETA * n / m * byOutput * w2[o][i] * drawn.x[b][k];
            }
          }
        }
      }
      verify(values, "init.1", w1);
      verify(values, "first.1", step1);
      // The singular values of the transpose are the same, and its Gram matrix is the smaller one.
      verify(values, "init.2", transposed(w2));
      verify(values, "first.2", transposed(step2));
    }
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        transposed[j][i] = matrix[i][j];
      }
    }
    return transposed;
  }

  @ParameterizedTest
  @ValueSource(strings = {"single-linear", "single-relu"})
  void anUpdateOfOneExampleIsAlignedWithItAndByTheCosineWithOthers(String series)
      throws InterruptedException {
    SortedMap<String, Double> values = measured(series, N, 4);
    for (String time : List.of("first", "last")) {
      for (int layer = 1; layer <= 3; layer++) {
        assertThat(values.get(time + ".own." + layer)).isCloseTo(1, within(1e-9));
        assertThat(values.get(time + ".other." + layer)).isLessThan(1 - 1e-6);
      }
    }
    try (scope) {
      double[][] x = new Drawn(N, INPUTS).x;
      double[] other = x[B - 1];
      // At the first layer, what comes in are the pixels: the step's example is the first, then the
      // fourth.
      assertThat(values.get("first.other.1")).isCloseTo(cosine(x[0], other), within(1e-9));
      assertThat(values.get("last.other.1")).isCloseTo(cosine(x[3], other), within(1e-9));
    }
  }

  private static double cosine(double[] a, double[] b) {
    return Math.abs(PlainNetwork.dot(a, b)) / (PlainNetwork.norm(a) * PlainNetwork.norm(b));
  }

  private static double ratioOfTheLastUpdate(String rule) throws InterruptedException {
    return Objects.requireNonNull(measured(rule, N, 2).get("last.2.norm_ratio"));
  }

  @Test
  void everyRuleHasItsOwnUpdates() throws InterruptedException {
    double sgd = ratioOfTheLastUpdate("sgd");
    double adam = ratioOfTheLastUpdate("adam");
    double sign = ratioOfTheLastUpdate("sign");
    assertThat(List.of(sgd, adam, sign)).doesNotHaveDuplicates().allMatch(ratio -> ratio >= 1);
    // Entries of sign descent are ±η/n or, in rows of dead units, 0.
    assertThat(measured("sign", N, 1).get("first.3.rms_entry"))
        .isCloseTo(ETA / N, Percentage.withPercentage(20));
  }

  @Test
  void moreInputsThanPixelsAreRefused() {
    Settings settings = Settings.training(List.of(600_000L), 1, 1);
    assertThatThrownBy(() -> UpdateStudy.INSTANCE.members(settings, DATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3098 pixels")
        .hasMessageContaining("3072");
  }
}
