package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorsTest {

  @Test
  void normNeitherOverflowsNorUnderflows() {
    assertThat(Vectors.norm(new double[] {3, 4})).isEqualTo(5);
    assertThat(Vectors.norm(new double[] {3e300, 4e300})).isCloseTo(5e300, within(1e285));
    assertThat(Vectors.norm(new double[] {3e-310, 4e-310}))
        .isCloseTo(5e-310, within(2 * Double.MIN_VALUE));
    assertThat(Vectors.norm(new double[] {Double.MIN_VALUE})).isEqualTo(Double.MIN_VALUE);
    assertThat(Vectors.norm(new double[0])).isZero();
    assertThat(Vectors.norm(new double[] {0, Double.NaN})).isNaN();
    assertThat(Vectors.norm(new double[] {0, Double.NEGATIVE_INFINITY}))
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void normalizeKeepsTheDirectionOfExtremeVectors() {
    for (double scale : new double[] {1, 2024 * Double.MIN_VALUE, 1e300}) {
      double[] x = {3 * scale, -4 * scale};
      Vectors.normalize(x);
      // Of 2024 times the least only eleven bits are there.
      double tolerance = scale < 1e-300 ? 1e-3 : 1e-15;
      assertThat(x[0]).isCloseTo(0.6, within(tolerance));
      assertThat(x[1]).isCloseTo(-0.8, within(tolerance));
      assertThat(Vectors.norm(x)).isCloseTo(1, within(1e-15));
    }
  }

  @Test
  void randomUnitVectorsHaveUnitLengthAndNoPreferredAxis() {
    Random random = new Random(1);
    double sum = 0;
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      double[] x = Vectors.randomUnit(5, random);
      assertThat(Vectors.norm(x)).isCloseTo(1, within(1e-14));
      sum += x[2] * x[2];
    }
    // The square of a coordinate has mean 1/5 and a standard deviation below 1/4.
    assertThat(sum / draws).isCloseTo(0.2, within(4 * 0.25 / Math.sqrt(draws)));
  }
}
