package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every linear operator must do. An implementation's test extends this class and names its
 * operators.
 */
public abstract class LinearOperatorContract {

  /** For the tests that extend it. */
  protected LinearOperatorContract() {}

  /** An operator with what identifies it in a report and how far its rounding may go. */
  protected record Subject(String name, LinearOperator operator, double relativeTolerance) {}

  /** The operators to test, of various shapes. */
  protected abstract List<Subject> subjects();

  @TestFactory
  List<DynamicTest> bothProductsBelongToOneMatrix() {
    return forEach(
        subject -> {
          LinearOperator a = subject.operator();
          double[] x = random(a.columns(), 1);
          double[] y = random(a.rows(), 2);
          double[] ax = new double[a.rows()];
          double[] aty = new double[a.columns()];
          a.apply(x, ax);
          a.applyTransposed(y, aty);
          double scale = norm(ax) * norm(y) + norm(aty) * norm(x);
          assertThat(dot(ax, y))
              .isCloseTo(dot(x, aty), within(subject.relativeTolerance() * scale));
        });
  }

  @TestFactory
  List<DynamicTest> productsAreLinear() {
    return forEach(
        subject -> {
          LinearOperator a = subject.operator();
          double[] x = random(a.columns(), 3);
          double[] z = random(a.columns(), 4);
          double[] sum = new double[a.columns()];
          for (int j = 0; j < sum.length; j++) {
            sum[j] = 2 * x[j] - 3 * z[j];
          }
          double[] ax = new double[a.rows()];
          double[] az = new double[a.rows()];
          double[] asum = new double[a.rows()];
          a.apply(x, ax);
          a.apply(z, az);
          a.apply(sum, asum);
          double scale = 3 * (norm(ax) + norm(az));
          for (int i = 0; i < asum.length; i++) {
            assertThat(asum[i])
                .isCloseTo(2 * ax[i] - 3 * az[i], within(subject.relativeTolerance() * scale));
          }
        });
  }

  @TestFactory
  List<DynamicTest> outputsAreOverwrittenAndInputsLeftAlone() {
    return forEach(
        subject -> {
          LinearOperator a = subject.operator();
          double[] x = random(a.columns(), 5);
          double[] y = random(a.rows(), 6);
          double[] xBefore = x.clone();
          double[] yBefore = y.clone();
          double[] ax = new double[a.rows()];
          double[] again = new double[a.rows()];
          Arrays.fill(again, Double.NaN);
          a.apply(x, ax);
          a.apply(x, again);
          double[] aty = new double[a.columns()];
          double[] atyAgain = new double[a.columns()];
          Arrays.fill(atyAgain, Double.NaN);
          a.applyTransposed(y, aty);
          a.applyTransposed(y, atyAgain);
          assertThat(again).containsExactly(ax);
          assertThat(atyAgain).containsExactly(aty);
          assertThat(x).containsExactly(xBefore);
          assertThat(y).containsExactly(yBefore);
        });
  }

  private List<DynamicTest> forEach(Consumer<Subject> check) {
    return subjects().stream()
        .map(subject -> DynamicTest.dynamicTest(subject.name(), () -> check.accept(subject)))
        .toList();
  }

  private static double[] random(int length, long seed) {
    return new Random(seed).doubles(length, -1, 1).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
