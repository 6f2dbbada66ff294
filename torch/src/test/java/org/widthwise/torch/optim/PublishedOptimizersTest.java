package org.widthwise.torch.optim;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.core.update.MuonScale;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.orthogonal.Orthogonalization;

/**
 * Against the published rules in loops of plain Java, in float64, over as many updates as show
 * every part of them. Differences are rounding, which the products of a dozen steps make some
 * hundred times as large.
 */
final class PublishedOptimizersTest {

  private static final double ROUNDING = 1e-11;
  private static final int UPDATES = 25;

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private interface Loop {
    double[][] next(double[][] gradient, int update);
  }

  /** The loop's W ← W − η·D beside the direction's, on the same gradients. */
  private static void assertSame(
      Direction direction, int rows, int columns, double tolerance, Loop loop) {
    Tensor weight = Samples.gaussian(ScalarType.Double, 1, rows, columns);
    ParameterUpdate updates = new ParameterUpdate(direction, -1, weight);
    for (int update = 1; update <= UPDATES; update++) {
      Tensor gradient = Samples.gaussian(ScalarType.Double, 10 + update, rows, columns);
      double[][] expected = loop.next(Plain.of(gradient), update);
      assertThat(Plain.error(updates.next(gradient, weight), expected))
          .as("update %d of %s", update, direction)
          .isLessThan(tolerance);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UNIT, 6, 4, true, 1",
    "KELLER_JORDAN, 6, 4, true, 1.224744871391589",
    "KELLER_JORDAN, 4, 6, false, 1",
    "ADAM_RMS, 4, 6, true, 0.48989794855663565",
    "SPECTRAL, 4, 6, true, 0.816496580927726",
  })
  void muon(MuonScale scale, int rows, int columns, boolean nesterov, double factor) {
    double mu = 0.95;
    Muon muon = Muon.withDefaults().withScale(scale).withMomentum(mu, nesterov);
    assertSame(muon, rows, columns, ROUNDING, muonLoop(mu, nesterov, rows, columns, factor));
    // The older form with a sum in place of the average: the same but for ε, here 20 times as large
    // beside the average as beside the sum.
    Direction older =
        Chain.of(
            new Momentum(mu, nesterov),
            muon.withMomentum(0, false).withEpsilon(muon.epsilon() / (1 - mu)));
    assertSame(older, rows, columns, ROUNDING, muonLoop(mu, nesterov, rows, columns, factor));
  }

  private static Loop muonLoop(double mu, boolean nesterov, int rows, int columns, double factor) {
    double[][][] buffer = {new double[rows][columns]};
    return (gradient, update) -> {
      buffer[0] = Plain.sum(mu, buffer[0], 1 - mu, gradient);
      double[][] x = nesterov ? Plain.sum(1 - mu, gradient, mu, buffer[0]) : buffer[0];
      x = Plain.sum(1 / (Plain.length(x) + 1e-7), x, 0, x);
      for (int step = 0; step < 5; step++) {
        double[][] gram = Plain.product(x, Plain.transposed(x));
        double[][] inner = Plain.sum(-4.7750, gram, 2.0315, Plain.product(gram, gram));
        x = Plain.sum(3.4445, x, 1, Plain.product(inner, x));
      }
      return Plain.sum(factor, x, 0, x);
    };
  }

  @Test
  void lion() {
    double[][][] mean = {new double[5][7]};
    assertSame(
        new Lion(0.9, 0.99),
        5,
        7,
        ROUNDING,
        (gradient, update) -> {
          double[][] sign = Plain.sum(0.9, mean[0], 1 - 0.9, gradient);
          for (double[] row : sign) {
            for (int j = 0; j < row.length; j++) {
              row[j] = Math.signum(row[j]);
            }
          }
          mean[0] = Plain.sum(0.99, mean[0], 1 - 0.99, gradient);
          return sign;
        });
  }

  @ParameterizedTest
  @CsvSource({"1, 1e-15", "0.5, 0.1"})
  void adafactor(double clipping, double epsilon) {
    int rows = 5;
    int columns = 7;
    double[] r = new double[rows];
    double[] c = new double[columns];
    assertSame(
        new Adafactor(0.8, clipping, epsilon),
        rows,
        columns,
        ROUNDING,
        (gradient, update) -> {
          double beta = 1 - Math.pow(update, -0.8);
          double[] rowMeans = new double[rows];
          double[] columnMeans = new double[columns];
          for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
              double square = gradient[i][j] * gradient[i][j] + epsilon * epsilon;
              rowMeans[i] += square / columns;
              columnMeans[j] += square / rows;
            }
          }
          double meanOfRows = 0;
          for (int i = 0; i < rows; i++) {
            r[i] = beta * r[i] + (1 - beta) * rowMeans[i];
            meanOfRows += r[i] / rows;
          }
          for (int j = 0; j < columns; j++) {
            c[j] = beta * c[j] + (1 - beta) * columnMeans[j];
          }
          double[][] u = new double[rows][columns];
          for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
              u[i][j] = gradient[i][j] / Math.sqrt(r[i] * c[j] / meanOfRows);
            }
          }
          double rms = Plain.length(u) / Math.sqrt(rows * columns);
          return Plain.sum(1 / Math.max(1, rms / clipping), u, 0, u);
        });
  }

  @Test
  void scion() {
    double alpha = 0.1;
    double[][][] mean = {new double[4][6]};
    assertSame(
        Scion.sign(alpha),
        4,
        6,
        ROUNDING,
        (gradient, update) -> {
          mean[0] = Plain.sum(1 - alpha, mean[0], alpha, gradient);
          double[][] sign = new double[4][6];
          for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 6; j++) {
              sign[i][j] = Math.signum(mean[0][i][j]) / 6;
            }
          }
          return sign;
        });
    double[][][] other = {new double[4][6]};
    assertSame(
        Scion.column(alpha),
        4,
        6,
        ROUNDING,
        (gradient, update) -> {
          other[0] = Plain.sum(1 - alpha, other[0], alpha, gradient);
          double[][] columns = new double[4][6];
          for (int j = 0; j < 6; j++) {
            double squares = 0;
            for (int i = 0; i < 4; i++) {
              squares += other[0][i][j] * other[0][i][j];
            }
            for (int i = 0; i < 4; i++) {
              columns[i][j] = other[0][i][j] / ((Math.sqrt(squares) + 1e-8) / 2 * 6);
            }
          }
          return columns;
        });
    // √(o/i) times Muon's of the same average, without its look ahead.
    assertSame(
        Scion.spectral(alpha),
        4,
        6,
        ROUNDING,
        muonLoop(1 - alpha, false, 4, 6, Math.sqrt(4.0 / 6)));
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.25, 1", "0.9, 0.25, 4", "1, 0.5, 3", "0, 0.125, 1"})
  void shampoo(double beta, double exponent, int every) {
    int n = 5;
    double epsilon = 0.3;
    double[][][] state = new double[4][n][n];
    assertSame(
        new Shampoo(beta, exponent, epsilon, every),
        n,
        n,
        1e-9,
        (gradient, update) -> {
          double share = beta == 1 ? 1 : 1 - beta;
          double correction = beta == 1 ? 1 : 1 - Math.pow(beta, update);
          double[][] turned = Plain.transposed(gradient);
          state[0] = Plain.sum(beta, state[0], share, Plain.product(gradient, turned));
          state[1] = Plain.sum(beta, state[1], share, Plain.product(turned, gradient));
          if (update <= every || update % every == 0) {
            state[2] = inversePower(state[0], correction, epsilon * epsilon, exponent);
            state[3] = inversePower(state[1], correction, epsilon * epsilon, exponent);
          }
          return Plain.product(Plain.product(state[2], gradient), state[3]);
        });
  }

  private static double[][] inversePower(
      double[][] matrix, double correction, double shift, double exponent) {
    double[][] vectors = Plain.eigenvectors(matrix);
    double[][] image = Plain.product(matrix, vectors);
    double[][] scaled = new double[vectors.length][vectors.length];
    for (int j = 0; j < vectors.length; j++) {
      double value = 0;
      for (int i = 0; i < vectors.length; i++) {
        value += vectors[i][j] * image[i][j];
      }
      for (int i = 0; i < vectors.length; i++) {
        scaled[i][j] = vectors[i][j] * Math.pow(value / correction + shift, -exponent);
      }
    }
    return Plain.product(scaled, Plain.transposed(vectors));
  }

  @ParameterizedTest
  @CsvSource({"0.95, 0.95, 1", "0.9, 0.99, 3", "0, 0.5, 5"})
  void soap(double beta1, double beta2, int every) {
    int n = 5;
    double epsilon = 1e-3;
    // m, v, L, R, P, Q
    double[][][] state = new double[6][n][n];
    assertSame(
        new Soap(beta1, beta2, epsilon, every),
        n,
        n,
        1e-8,
        (gradient, update) -> {
          double[][] turned = Plain.transposed(gradient);
          state[0] = Plain.sum(beta1, state[0], 1 - beta1, gradient);
          if (update == 1) {
            state[2] = Plain.sum(1 - beta2, Plain.product(gradient, turned), 0, gradient);
            state[3] = Plain.sum(1 - beta2, Plain.product(turned, gradient), 0, gradient);
            state[4] = Plain.eigenvectors(state[2]);
            state[5] = Plain.eigenvectors(state[3]);
          }
          double[][] rotated = rotated(gradient, state[4], state[5]);
          double[][] mean = rotated(state[0], state[4], state[5]);
          double[][] direction = new double[n][n];
          for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
              state[1][i][j] = beta2 * state[1][i][j] + (1 - beta2) * rotated[i][j] * rotated[i][j];
              double size = Math.sqrt(state[1][i][j] / (1 - Math.pow(beta2, update)));
              direction[i][j] = mean[i][j] / (1 - Math.pow(beta1, update)) / (size + epsilon);
            }
          }
          double[][] result =
              Plain.product(Plain.product(state[4], direction), Plain.transposed(state[5]));
          if (update > 1) {
            state[2] = Plain.sum(beta2, state[2], 1 - beta2, Plain.product(gradient, turned));
            state[3] = Plain.sum(beta2, state[3], 1 - beta2, Plain.product(turned, gradient));
          }
          if (update % every == 0) {
            int[] left = order(state[2], state[4]);
            int[] right = order(state[3], state[5]);
            state[4] =
                Plain.orthonormalized(Plain.columns(Plain.product(state[2], state[4]), left));
            state[5] =
                Plain.orthonormalized(Plain.columns(Plain.product(state[3], state[5]), right));
            state[1] =
                Plain.columns(
                    Plain.transposed(Plain.columns(Plain.transposed(state[1]), left)), right);
          }
          return result;
        });
  }

  private static double[][] rotated(double[][] matrix, double[][] left, double[][] right) {
    return Plain.product(Plain.product(Plain.transposed(left), matrix), right);
  }

  private static int[] order(double[][] preconditioner, double[][] basis) {
    double[][] image = Plain.product(preconditioner, basis);
    double[] values = new double[basis.length];
    for (int j = 0; j < values.length; j++) {
      for (int i = 0; i < values.length; i++) {
        values[j] += basis[i][j] * image[i][j];
      }
    }
    return Plain.descending(values);
  }

  /** The published ways of Muon differ in precision and coefficients alone. */
  @Test
  void muonTakesAnyWayToThePolarFactor() {
    Tensor gradient = Samples.gaussian(ScalarType.Double, 2, 6, 4);
    Tensor exact =
        new ParameterUpdate(
                Muon.withDefaults().withOrthogonalization(Orthogonalization.exact()), -1, gradient)
            .next(gradient, gradient);
    assertThat(Samples.error(exact.t().mm(exact), identity(4))).isLessThan(1e-12);
    Tensor six =
        new ParameterUpdate(
                Muon.withDefaults().withOrthogonalization(Orthogonalization.modula()), -1, gradient)
            .next(gradient, gradient);
    assertThat(Samples.spectralNorm(six.sub(exact))).isLessThan(0.0045);
  }

  private static Tensor identity(long n) {
    return org.bytedeco.pytorch.global.torch.eye(n).to(ScalarType.Double);
  }
}
