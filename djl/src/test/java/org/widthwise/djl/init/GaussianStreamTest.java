package org.widthwise.djl.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GaussianStreamTest {

  /** The JDK has SplitMix64 too; the polar method is written out here. */
  @Test
  void isThePolarMethodOnSplitMix64() {
    long seed = 42;
    SplittableRandom bits = new SplittableRandom(new SplittableRandom(seed).nextLong());
    GaussianStream stream = new GaussianStream(seed, "");
    for (int pair = 0; pair < 1000; pair++) {
      double x;
      double y;
      double square;
      do {
        x = 2 * bits.nextDouble() - 1;
        y = 2 * bits.nextDouble() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square == 0);
      double stretch = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
      assertThat(stream.next()).isEqualTo(x * stretch);
      assertThat(stream.next()).isEqualTo(y * stretch);
    }
  }

  /** Four standard errors at n = 200,000: 0.009 for the mean, 0.013 for the square. */
  @Test
  void isStandardNormal() {
    int n = 200_000;
    double sum = 0;
    double squares = 0;
    int withinOne = 0;
    GaussianStream stream = new GaussianStream(1, "01Linear_weight");
    for (int i = 0; i < n; i++) {
      double value = stream.next();
      sum += value;
      squares += value * value;
      withinOne += Math.abs(value) < 1 ? 1 : 0;
    }
    assertThat(sum / n).isCloseTo(0, within(0.009));
    assertThat(squares / n).isCloseTo(1, within(0.013));
    assertThat((double) withinOne / n).isCloseTo(0.682689, within(0.0042));
  }

  @Test
  void dependsOnSeedAndNameAlone() {
    double value = new GaussianStream(1, "a").next();
    assertThat(new GaussianStream(1, "a").next()).isEqualTo(value);
    assertThat(new GaussianStream(2, "a").next()).isNotEqualTo(value);
    assertThat(new GaussianStream(1, "b").next()).isNotEqualTo(value);
  }

  @Test
  void semiOrthogonalMatricesHaveOrthonormalRowsOrColumns() {
    for (int[] sides : new int[][] {{7, 20}, {20, 7}, {12, 12}, {1, 5}, {5, 1}}) {
      int rows = sides[0];
      int columns = sides[1];
      double[] q = SemiOrthogonal.draw(rows, columns, new GaussianStream(3, "q"));
      boolean wide = rows < columns;
      int count = Math.min(rows, columns);
      for (int a = 0; a < count; a++) {
        for (int b = 0; b < count; b++) {
          double product = 0;
          for (int k = 0; k < Math.max(rows, columns); k++) {
            product +=
                wide
                    ? q[a * columns + k] * q[b * columns + k]
                    : q[k * columns + a] * q[k * columns + b];
          }
          assertThat(product).isCloseTo(a == b ? 1 : 0, within(1e-13));
        }
      }
    }
  }

  /** Haar: the first entry of an n × n matrix has mean 0 and square 1/n. */
  @Test
  void semiOrthogonalMatricesAreUniform() {
    int n = 4;
    int draws = 20_000;
    GaussianStream stream = new GaussianStream(5, "haar");
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      double last = SemiOrthogonal.draw(n, n, stream)[n * n - 1];
      sum += last;
      squares += last * last;
    }
    // Four standard errors: the entry's deviation is 1/√n, that of its square below 1/n.
    assertThat(sum / draws).isCloseTo(0, within(4 * 0.5 / Math.sqrt(draws)));
    assertThat(squares / draws).isCloseTo(0.25, within(4 * 0.25 / Math.sqrt(draws)));
  }
}
