package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.lab.data.ImageBatch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;

/** A network of Figures 1 and 3 against training and eq. 25 written out in loops over float64. */
final class BatchMemberTest {

  private static final ImageDataset DATA = StandIn.generate(410, 7);
  private static final Percentage ROUNDING = Percentage.withPercentage(0.05);
  private static final List<Long> BATCHES = List.of(1L, 3L, 40L);
  private static final int N0 = 3072;
  private static final int N = 12;
  private static final int CLASSES = 10;
  private static final int STEPS = 6;
  private static final int TRIAL = 1;
  private static final long SEED = 5;
  private static final int TRAINING_SET = 4096;
  private static final int MINIBATCH = 64;
  private static final double ETA = 0.5;

  private static MemberResult measure(String series, int steps) throws InterruptedException {
    Settings settings =
        Settings.training(List.of((long) N), 2, steps).withBatches(BATCHES).withSeed(SEED);
    return BatchStudy.INSTANCE.members(settings, DATA).stream()
        .filter(member -> member.key().equals(new MemberKey(series, N, TRIAL)))
        .findFirst()
        .orElseThrow()
        .run(share -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "tanh"})
  void measuresWhatPlainLoopsMeasure(String series) throws InterruptedException {
    MemberResult result = measure(series, STEPS);

    boolean relu = series.equals("relu");
    Libtorch.load();
    try (PointerScope scope = new PointerScope()) {
      long seed = (SEED * 1_000_003 + TRIAL) * 1_000_003 + N;
      Generator generator = torch.createCPUGenerator(seed);
      double gain = relu ? Math.sqrt(2) : 1;
      Network network =
          new Network(
              relu,
              gaussian(generator, N, N0, gain / Math.sqrt(N0) * Math.sqrt((double) N / N0)),
              gaussian(generator, N, N, gain / Math.sqrt(N)),
              gaussian(generator, CLASSES, N, gain / Math.sqrt(N) * Math.sqrt(10.0 / N)));
      Map<String, Double> expected = new TreeMap<>();
      measure("init", network, expected);

      Examples training = Examples.draw(TRAINING_SET, 0);
      double before = network.pass(training).loss;
      for (int step = 0; step < STEPS; step++) {
        network.descend(network.pass(training.select(minibatch(generator))));
      }
      double after = network.pass(training).loss;
      measure("trained", network, expected);

      assertThat(result.values()).containsOnlyKeys(expected.keySet());
      expected.forEach(
          (name, value) ->
              assertThat(result.values().get(name)).as(name).isCloseTo(value, ROUNDING));
      assertThat(result.finalLoss()).isCloseTo(after, ROUNDING);
      // It learnt something, or agreement would mean little.
      assertThat(after).isLessThan(0.95 * before);
      assertThat(result.steps()).isEqualTo(STEPS);
      assertThat(result.diverged()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "tanh"})
  void oneExampleMakesAnAlignedUpdateOfRankOne(String series) throws InterruptedException {
    Map<String, Double> values = measure(series, 1).values();
    assertThat(values).hasSize(2 * 4 * BATCHES.size());
    values.forEach(
        (name, value) -> {
          if (name.endsWith("@1")) {
            assertThat(value).as(name).isCloseTo(1, Percentage.withPercentage(1e-3));
          }
        });
  }

  @Test
  void whatDivergesIsMeasuredAtItsInitialWeightsAlone() throws InterruptedException {
    Settings settings = Settings.training(List.of((long) N), 1, 200).withBatches(List.of(2L));
    BatchMember member =
        new BatchMember(
            "relu",
            BatchStudy.recipe(Activation.RELU).withLearningRate(1e9),
            MlpShape.of(Activation.RELU, N0, N, N, CLASSES),
            0,
            settings,
            DATA);
    MemberResult result = member.run(share -> {});
    assertThat(result.diverged()).isTrue();
    assertThat(result.finalLoss()).isNaN();
    assertThat(result.steps()).isBetween(2L, 199L);
    assertThat(result.values())
        .containsOnlyKeys(
            "init.stable_rank@2", "init.alignment@2", "init.hidden@2", "init.gradient@2");
  }

  private static void measure(String time, Network network, Map<String, Double> values) {
    for (long size : BATCHES) {
      Pass pass = network.pass(Examples.draw((int) size, size));
      double norm = PlainNetwork.spectral(pass.g2);
      List<Double> alignments = new ArrayList<>();
      for (double[] z1 : pass.z1) {
        double alignment = PlainNetwork.norm(times(pass.g2, z1)) / (norm * PlainNetwork.norm(z1));
        if (Double.isFinite(alignment)) {
          alignments.add(alignment);
        }
      }
      values.put(
          time + ".alignment@" + size,
          alignments.stream().mapToDouble(a -> a).average().orElseThrow());
      values.put(time + ".stable_rank@" + size, stableRank(pass.g2));
      values.put(time + ".hidden@" + size, stableRank(pass.z1));
      values.put(time + ".gradient@" + size, stableRank(pass.byH2));
    }
  }

  private static double stableRank(double[][] matrix) {
    return Math.pow(PlainNetwork.frobenius(matrix) / PlainNetwork.spectral(matrix), 2);
  }

  /** Inputs and targets. */
  private static final class Examples {
    final double[][] x;
    final double[][] y;

    Examples(double[][] x, double[][] y) {
      this.x = x;
      this.y = y;
    }

    /** All pixels of the images together to mean 0 and variance 1, as the batch says it did. */
    static Examples draw(int count, long purpose) {
      ImageBatch images = ImageBatch.draw(DATA, count, SEED * 1_000_003 + purpose, TRIAL);
      double[][] x = new double[count][N0];
      double[][] y = new double[count][CLASSES];
      float[] pixels = new float[N0];
      int[] indices = images.indices();
      for (int i = 0; i < count; i++) {
        DATA.copyPixels(indices[i], pixels, 0);
        for (int k = 0; k < N0; k++) {
          x[i][k] = (pixels[k] - images.mean()) / images.standardDeviation();
        }
        for (int c = 0; c < CLASSES; c++) {
          y[i][c] = c == DATA.label(indices[i]) ? 1 : -1;
        }
      }
      return new Examples(x, y);
    }

    Examples select(long[] which) {
      double[][] chosenX = new double[which.length][];
      double[][] chosenY = new double[which.length][];
      for (int i = 0; i < which.length; i++) {
        chosenX[i] = x[(int) which[i]];
        chosenY[i] = y[(int) which[i]];
      }
      return new Examples(chosenX, chosenY);
    }
  }

  /** What a pass leaves: an example a row, and the gradients. */
  private static final class Pass {
    double loss;
    final double[][] z1;
    final double[][] byH2;
    final double[][] g1 = new double[N][N0];
    final double[][] g2 = new double[N][N];
    final double[][] g3 = new double[CLASSES][N];

    Pass(int examples) {
      z1 = new double[examples][];
      byH2 = new double[examples][N];
    }
  }

  /** A perceptron of three layers without biases. */
  private static final class Network {
    final boolean relu;
    final double[][] w1;
    final double[][] w2;
    final double[][] w3;

    Network(boolean relu, double[][] w1, double[][] w2, double[][] w3) {
      this.relu = relu;
      this.w1 = w1;
      this.w2 = w2;
      this.w3 = w3;
    }

    Pass pass(Examples examples) {
      int count = examples.x.length;
      Pass pass = new Pass(count);
      for (int b = 0; b < count; b++) {
        double[] z1 = map(times(w1, examples.x[b]), relu ? h -> Math.max(h, 0) : Math::tanh);
        double[] z2 = map(times(w2, z1), relu ? h -> Math.max(h, 0) : Math::tanh);
        double[] output = times(w3, z2);
        pass.z1[b] = z1;
        double[] byH1 = new double[N];
        for (int c = 0; c < CLASSES; c++) {
          double residual = output[c] - examples.y[b][c];
          pass.loss += residual * residual / (count * CLASSES);
          double byOutput = 2 * residual / (count * CLASSES);
          for (int i = 0; i < N; i++) {
            pass.g3[c][i] += byOutput * z2[i];
            pass.byH2[b][i] += byOutput * w3[c][i] * slope(z2[i]);
          }
        }
        for (int i = 0; i < N; i++) {
          for (int j = 0; j < N; j++) {
            pass.g2[i][j] += pass.byH2[b][i] * z1[j];
            byH1[j] += pass.byH2[b][i] * w2[i][j] * slope(z1[j]);
          }
        }
        for (int j = 0; j < N; j++) {
          for (int k = 0; k < N0; k++) {
            pass.g1[j][k] += byH1[j] * examples.x[b][k];
          }
        }
      }
      return pass;
    }

    /** The derivative where the nonlinearity takes the value z. */
    private double slope(double z) {
      if (relu) {
        return z > 0 ? 1 : 0;
      }
      return 1 - z * z;
    }

    /** Eq. 18 at the rates of Parametrization 1. */
    void descend(Pass pass) {
      descend(w1, pass.g1, ETA * N / N0);
      descend(w2, pass.g2, ETA);
      descend(w3, pass.g3, ETA * CLASSES / N);
    }

    private static void descend(double[][] weight, double[][] gradient, double rate) {
      for (int i = 0; i < weight.length; i++) {
        for (int j = 0; j < weight[i].length; j++) {
          weight[i][j] -= rate * gradient[i][j];
        }
      }
    }
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[matrix.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = PlainNetwork.dot(matrix[i], vector);
    }
    return product;
  }

  private static double[] map(double[] vector, DoubleUnaryOperator function) {
    double[] mapped = new double[vector.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = function.applyAsDouble(vector[i]);
    }
    return mapped;
  }

  /** The same standard Gaussians, which libtorch draws, times σ. */
  private static double[][] gaussian(Generator generator, int rows, int columns, double sigma) {
    Tensor tensor =
        torch.zeros(new long[] {rows, columns}).normal_(0.0, 1.0, new GeneratorOptional(generator));
    float[] flat = new float[rows * columns];
    tensor.data_ptr_float().get(flat);
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix[i][j] = sigma * flat[i * columns + j];
      }
    }
    return matrix;
  }

  private static long[] minibatch(Generator generator) {
    long[] which = new long[MINIBATCH];
    torch
        .randint(
            TRAINING_SET,
            new long[] {MINIBATCH},
            new GeneratorOptional(generator),
            new TensorOptions(torch.ScalarType.Long))
        .data_ptr_long()
        .get(which);
    return which;
  }
}
