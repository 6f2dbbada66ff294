package org.widthwise.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.widthwise.core.update.MuonScale;

/** Every rule against its formulae, written out entry by entry in Java, in double precision. */
@Tag("engine")
class DirectionsTest {

  private static final int STEPS = 5;
  private static final int SIZE = 12;

  /** Both sides are in double precision; what differs is the order of a few operations. */
  private static final double ROUNDING = 1e-12;

  private static final Muon PLAIN = Muon.withDefaults().withMomentum(0, false).withEpsilon(0);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** One entry's direction from its gradients so far, first to last. */
  private interface Formula {
    double direction(double[] gradients);
  }

  private void check(Direction direction, Formula formula) {
    Random random = new Random(7);
    double[][] gradients = new double[STEPS][SIZE];
    NDArray like = manager.create(new double[SIZE], new Shape(3, 4));
    ParameterState state = new ParameterState(0, direction.initialState(like));
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < SIZE; i++) {
        // The last entry never has a gradient.
        gradients[step][i] = i == SIZE - 1 ? 0 : random.nextGaussian();
      }
      state.countUpdate();
      NDArray given = manager.create(gradients[step], new Shape(3, 4));
      double[] found;
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        found = direction.of(given, state).toDoubleArray();
      }
      assertThat(given.toDoubleArray())
          .as("the gradient is not changed")
          .isEqualTo(gradients[step]);
      for (int i = 0; i < SIZE; i++) {
        double[] past = new double[step + 1];
        for (int t = 0; t <= step; t++) {
          past[t] = gradients[t][i];
        }
        assertThat(found[i])
            .as("%s, step %d, entry %d", direction, step, i)
            .isCloseTo(formula.direction(past), within(ROUNDING));
      }
    }
  }

  /** Σ (1 − β)·β^(t−s)·x_s. */
  private static double average(double[] values, double beta) {
    double sum = 0;
    for (int s = 0; s < values.length; s++) {
      sum += (1 - beta) * Math.pow(beta, values.length - 1 - s) * values[s];
    }
    return sum;
  }

  private static double[] squares(double[] values) {
    double[] squares = new double[values.length];
    for (int s = 0; s < values.length; s++) {
      squares[s] = values[s] * values[s];
    }
    return squares;
  }

  private static double last(double[] values) {
    return values[values.length - 1];
  }

  @Test
  void gradient() {
    check(new GradientDirection(), DirectionsTest::last);
  }

  @Test
  void momentum() {
    check(new Momentum(0.9, false), past -> average(past, 0.9) / (1 - 0.9));
    check(new Momentum(0.9, true), past -> last(past) + 0.9 * average(past, 0.9) / (1 - 0.9));
  }

  @Test
  void adam() {
    for (double epsilon : new double[] {0, 0.1}) {
      Formula formula =
          past -> {
            double mean = average(past, 0.8) / (1 - Math.pow(0.8, past.length));
            double square = average(squares(past), 0.95) / (1 - Math.pow(0.95, past.length));
            return mean == 0 ? 0 : mean / (Math.sqrt(square) + epsilon);
          };
      check(new Adam(0.8, 0.95, epsilon), formula);
      check(new AdamW(0.8, 0.95, epsilon), formula);
      check(new Adam(0.8, 0.95, 9).withEpsilon(epsilon), formula);
    }
  }

  @Test
  void rmsProp() {
    for (double epsilon : new double[] {0, 0.1}) {
      check(
          new RmsProp(0.9, epsilon),
          past ->
              last(past) == 0
                  ? 0
                  : last(past) / (Math.sqrt(average(squares(past), 0.9)) + epsilon));
    }
  }

  @Test
  void lion() {
    check(
        new Lion(0.9, 0.7),
        past -> {
          double[] before = Arrays.copyOf(past, past.length - 1);
          return Math.signum(0.9 * average(before, 0.7) + (1 - 0.9) * last(past));
        });
  }

  @Test
  void sign() {
    check(new Sign(), past -> Math.signum(last(past)));
  }

  /**
   * A matrix of known singular vectors: the iteration acts on each singular value alone, which is
   * done here in scalars.
   */
  @Test
  void muonActsOnSingularValuesAlone() {
    for (int[] sides : new int[][] {{5, 8}, {8, 5}, {6, 6}}) {
      int rows = sides[0];
      int columns = sides[1];
      int rank = Math.min(rows, columns);
      double[][] left = reflection(rows, 1);
      double[][] right = reflection(columns, 2);
      double[] values = new double[rank];
      double square = 0;
      for (int i = 0; i < rank; i++) {
        values[i] = 1.0 / (i + 1);
        square += values[i] * values[i];
      }
      double[] expected = new double[rank];
      for (int i = 0; i < rank; i++) {
        double s = values[i] / Math.sqrt(square);
        for (int step = 0; step < 5; step++) {
          s = 3.4445 * s - 4.7750 * Math.pow(s, 3) + 2.0315 * Math.pow(s, 5);
        }
        expected[i] = s;
        assertThat(s).as("Muon brings singular values near 1").isBetween(0.6, 1.25);
      }
      double[] found = direction(PLAIN, product(left, values, right), rows, columns);
      double[] wanted = product(left, expected, right);
      // A few products of matrices with norm about 1.
      for (int i = 0; i < wanted.length; i++) {
        assertThat(found[i]).isCloseTo(wanted[i], within(1e-11));
      }
    }
  }

  @Test
  void muonTreatsEachMatrixOfAStackByItself() {
    Random random = new Random(3);
    double[] both = random.doubles(2 * 3 * 4, -1, 1).toArray();
    Muon muon = PLAIN;
    NDArray stack = manager.create(both, new Shape(2, 3, 4));
    ParameterState state = new ParameterState(1, muon.initialState(stack));
    double[] found = muon.of(stack, state).toDoubleArray();
    for (int map = 0; map < 2; map++) {
      double[] one = Arrays.copyOfRange(both, map * 12, (map + 1) * 12);
      double[] alone = direction(muon, one, 3, 4);
      for (int i = 0; i < 12; i++) {
        assertThat(found[map * 12 + i]).isCloseTo(alone[i], within(1e-11));
      }
    }
  }

  @Test
  void muonDividesAVectorByItsLengthAndLeavesZerosAlone() {
    Muon muon = Muon.withDefaults().withEpsilon(0);
    NDArray vector = manager.create(new double[] {3, 4});
    assertThat(muon.of(vector, new ParameterState(1, muon.initialState(vector))).toDoubleArray())
        .containsExactly(new double[] {0.6, 0.8}, within(ROUNDING));
    assertThat(direction(muon, new double[6], 2, 3)).containsOnly(0);
    assertThat(direction(PLAIN, new double[] {3, 4}, 1, 2))
        .containsExactly(new double[] {0.6, 0.8}, within(ROUNDING));
  }

  @Test
  void muonOrthogonalisesItsMomentum() {
    double[] first = new Random(1).doubles(12, -1, 1).toArray();
    double[] second = new Random(2).doubles(12, -1, 1).toArray();
    Muon muon = PLAIN.withMomentum(0.9, true);
    NDArray like = manager.create(first, new Shape(3, 4));
    ParameterState state = new ParameterState(0, muon.initialState(like));
    state.countUpdate();
    muon.of(like, state);
    state.countUpdate();
    double[] found = muon.of(manager.create(second, new Shape(3, 4)), state).toDoubleArray();
    double[] ahead = new double[12];
    for (int i = 0; i < 12; i++) {
      // Up to the factor 1 − μ, which orthogonalising takes away.
      ahead[i] = second[i] + 0.9 * (0.9 * first[i] + second[i]);
    }
    double[] wanted = direction(PLAIN, ahead, 3, 4);
    for (int i = 0; i < 12; i++) {
      assertThat(found[i]).isCloseTo(wanted[i], within(1e-11));
    }
  }

  @Test
  void muonsConventionsAreFactors() {
    double[] gradient = new Random(1).doubles(12, -1, 1).toArray();
    double[] unit = direction(PLAIN, gradient, 3, 4);
    double[] spectral = direction(PLAIN.withScale(MuonScale.SPECTRAL), gradient, 3, 4);
    for (int i = 0; i < 12; i++) {
      assertThat(spectral[i]).isCloseTo(Math.sqrt(3.0 / 4) * unit[i], within(ROUNDING));
    }
  }

  @Test
  void nanStaysNan() {
    for (Direction direction : Directions.all()) {
      double[] found = direction(direction, new double[] {1, Double.NaN, -1, 2}, 2, 2);
      assertThat(found[1]).as(direction.toString()).isNaN();
    }
  }

  @Test
  void coefficientsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Adam(1, 0.9, 0))
        .withMessageContaining("β₁ of Adam");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLAIN.withMomentum(1, true))
        .withMessageContaining("μ of Muon");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RmsProp.withDefaults().withEpsilon(-1))
        .withMessageContaining("ε of RMSProp");
  }

  @Test
  void everyRuleIsFoundByItsName() {
    for (Direction direction : Directions.all()) {
      assertThat(Directions.named(direction.rule().id())).isEqualTo(direction);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Directions.named("frobenius-relative"))
        .withMessageContaining("known are sgd, adam, adamw, rmsprop, lion, sign, muon,");
  }

  private double[] direction(Direction direction, double[] gradient, int rows, int columns) {
    NDArray matrix = manager.create(gradient, new Shape(rows, columns));
    return direction
        .of(matrix, new ParameterState(1, direction.initialState(matrix)))
        .toDoubleArray();
  }

  /** I − 2vvᵀ for a unit vector v: orthogonal, and full. */
  private static double[][] reflection(int size, long seed) {
    double[] v = new Random(seed).doubles(size, 0.5, 1).toArray();
    double square = 0;
    for (double x : v) {
      square += x * x;
    }
    double[][] q = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        q[i][j] = (i == j ? 1 : 0) - 2 * v[i] * v[j] / square;
      }
    }
    return q;
  }

  private static double[] product(double[][] left, double[] values, double[][] right) {
    double[] matrix = new double[left.length * right.length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right.length; j++) {
        for (int k = 0; k < values.length; k++) {
          matrix[i * right.length + j] += left[i][k] * values[k] * right[j][k];
        }
      }
    }
    return matrix;
  }
}
