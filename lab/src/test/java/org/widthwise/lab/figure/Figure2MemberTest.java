package org.widthwise.lab.figure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netlib.util.intW;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.Split;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;

/**
 * A network of Figure 2 against gradient descent and eqs. 23 and 24 written out in loops, in double
 * precision, with LAPACK's singular values.
 */
final class Figure2MemberTest {

  private static final ImageDataset DATA = StandIn.generate(Split.TRAIN);
  private static final Percentage SINGLE_PRECISION = Percentage.withPercentage(0.05);
  private static final int N0 = 3072;
  private static final int B = 200;
  private static final int N = 8;
  private static final int STEPS = 20;
  private static final long SEED = 5;

  private final PointerScope scope = new PointerScope();

  @AfterEach
  void close() {
    scope.close();
  }

  private static Member member(String series) {
    FigureSettings settings = new FigureSettings(List.of((long) N), 1, STEPS, SEED);
    return new Figure2()
        .members(settings, DATA).stream()
            .filter(member -> member.key().series().equals(series))
            .findFirst()
            .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mup", "ntp"})
  void measuresWhatThePaperDefines(String series) throws InterruptedException {
    MemberResult result = member(series).run(share -> {});

    boolean mup = series.equals("mup");
    TwoClassTask task = TwoClassTask.draw(DATA, B, SEED, 0);
    float[] pixels = task.inputs();
    double[][] x = new double[B][N0];
    for (int i = 0; i < B; i++) {
      for (int k = 0; k < N0; k++) {
        x[i][k] = pixels[i * N0 + k];
      }
    }
    Libtorch.load();
    Generator generator = Initializer.seeded((SEED * 1_000_003) * 1_000_003 + N);
    ByHand network =
        new ByHand(
            draw(generator, N, N0, Math.sqrt(2.0 / N0)),
            draw(generator, N, N, Math.sqrt(2.0 / N)),
            draw(generator, 1, N, mup ? Math.sqrt(2) / N : Math.sqrt(2.0 / N)));
    double[] rates = {0.1 * (mup ? N : 1) / N0, 0.1 / (mup ? 1 : N), 0.1 / N};
    double[][] w2 = copy(network.w2);
    double[][] h2 = new double[B][];
    for (int i = 0; i < B; i++) {
      h2[i] = network.features(x[i]);
    }
    float[] y = task.targets();
    for (int step = 0; step < STEPS; step++) {
      network.descend(x, y, rates);
    }

    double features = 0;
    double alignment = 0;
    int alive = 0;
    double loss = 0;
    for (int i = 0; i < B; i++) {
      double[] after = network.features(x[i]);
      features += norm(minus(after, h2[i])) / norm(h2[i]) / B;
      double[] active = relu(after);
      double output = times(network.w3, active)[0];
      // In so narrow a network a sample may find every unit dead; it has no alignment then.
      if (norm(active) > 0) {
        alignment += Math.abs(output) / (largest(network.w3) * norm(active));
        alive++;
      }
      loss += (output - y[i]) * (output - y[i]) / B;
    }
    double[][] change = new double[N][];
    double changed = 0;
    double initial = 0;
    for (int r = 0; r < N; r++) {
      change[r] = minus(network.w2[r], w2[r]);
      changed = Math.hypot(changed, norm(change[r]));
      initial = Math.hypot(initial, norm(w2[r]));
    }
    assertThat(result.values().get("A")).isCloseTo(features, SINGLE_PRECISION);
    assertThat(result.values().get("B")).isCloseTo(largest(change) / largest(w2), SINGLE_PRECISION);
    assertThat(result.values().get("C")).isCloseTo(alignment / alive, SINGLE_PRECISION);
    assertThat(result.values().get("D")).isCloseTo(changed / initial, SINGLE_PRECISION);
    assertThat(result.values()).hasSize(4);
    assertThat(result.finalLoss()).isCloseTo(loss, SINGLE_PRECISION);
    assertThat(result.diverged()).isFalse();
  }

  private static double[][] draw(Generator generator, int rows, int columns, double deviation) {
    Tensor tensor =
        torch.zeros(new long[] {rows, columns}, new TensorOptions(torch.ScalarType.Float));
    new GaussianInitializer(deviation).fill(tensor, generator);
    double[] flat = new double[rows * columns];
    tensor.toType(torch.ScalarType.Double).contiguous().data_ptr_double().get(flat);
    double[][] matrix = new double[rows][columns];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(flat, r * columns, matrix[r], 0, columns);
    }
    return matrix;
  }

  /** A perceptron of three layers without biases, under the mean squared error. */
  private static final class ByHand {
    final double[][] w1;
    final double[][] w2;
    final double[][] w3;

    ByHand(double[][] w1, double[][] w2, double[][] w3) {
      this.w1 = w1;
      this.w2 = w2;
      this.w3 = w3;
    }

    double[] features(double[] x) {
      return times(w2, relu(times(w1, x)));
    }

    void descend(double[][] x, float[] y, double[] rates) {
      double[][] g1 = new double[N][N0];
      double[][] g2 = new double[N][N];
      double[][] g3 = new double[1][N];
      for (int i = 0; i < x.length; i++) {
        double[] h1 = times(w1, x[i]);
        double[] a1 = relu(h1);
        double[] h2 = times(w2, a1);
        double[] a2 = relu(h2);
        double error = 2 * (times(w3, a2)[0] - y[i]) / x.length;
        double[] d1 = new double[N];
        for (int r = 0; r < N; r++) {
          g3[0][r] += error * a2[r];
          double d2 = h2[r] > 0 ? error * w3[0][r] : 0;
          for (int c = 0; c < N; c++) {
            g2[r][c] += d2 * a1[c];
            d1[c] += h1[c] > 0 ? d2 * w2[r][c] : 0;
          }
        }
        for (int r = 0; r < N; r++) {
          for (int c = 0; c < N0; c++) {
            g1[r][c] += d1[r] * x[i][c];
          }
        }
      }
      step(w1, g1, rates[0]);
      step(w2, g2, rates[1]);
      step(w3, g3, rates[2]);
    }

    private static void step(double[][] weight, double[][] gradient, double rate) {
      for (int r = 0; r < weight.length; r++) {
        for (int c = 0; c < weight[r].length; c++) {
          weight[r][c] -= rate * gradient[r][c];
        }
      }
    }
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[matrix.length];
    for (int r = 0; r < matrix.length; r++) {
      for (int c = 0; c < vector.length; c++) {
        product[r] += matrix[r][c] * vector[c];
      }
    }
    return product;
  }

  private static double[] relu(double[] vector) {
    double[] result = vector.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.max(result[i], 0);
    }
    return result;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = a.clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  private static double norm(double[] vector) {
    double squares = 0;
    for (double entry : vector) {
      squares += entry * entry;
    }
    return Math.sqrt(squares);
  }

  private static double[][] copy(double[][] matrix) {
    double[][] copy = new double[matrix.length][];
    for (int r = 0; r < matrix.length; r++) {
      copy[r] = matrix[r].clone();
    }
    return copy;
  }

  /** The largest singular value, by LAPACK. */
  private static double largest(double[][] matrix) {
    int rows = matrix.length;
    int columns = matrix[0].length;
    double[] flat = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(matrix[r], 0, flat, r * columns, columns);
    }
    double[] values = new double[Math.min(rows, columns)];
    double[] work = new double[10 * (rows + columns)];
    intW info = new intW(0);
    // Row by row is the transposed matrix column by column; its singular values are the same.
    JavaLAPACK.getInstance()
        .dgesvd(
            "N",
            "N",
            columns,
            rows,
            flat,
            columns,
            values,
            new double[1],
            1,
            new double[1],
            1,
            work,
            work.length,
            info);
    assertThat(info.val).isZero();
    return values[0];
  }
}
