package org.widthwise.core.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTTest {

  /** Published tables, level and degrees of freedom to quantile. */
  @ParameterizedTest
  @CsvSource({
    "0.95, 1, 12.7062047",
    "0.95, 2, 4.3026527",
    "0.95, 3, 3.1824463",
    "0.95, 5, 2.5705818",
    "0.95, 10, 2.2281389",
    "0.95, 30, 2.0422725",
    "0.95, 100, 1.9839715",
    "0.90, 4, 2.1318468",
    "0.90, 20, 1.7247182",
    "0.99, 1, 63.6567412",
    "0.99, 10, 3.1692727",
    "0.99, 60, 2.6602830"
  })
  void quantilesAgreeWithTables(double level, int degrees, double expected) {
    assertThat(StudentT.twoSidedQuantile(level, degrees)).isCloseTo(expected, within(1e-6));
  }

  @Test
  void quantilesAgreeWithClosedForms() {
    for (double level : new double[] {0.001, 0.1, 0.5, 0.9, 0.99, 0.999999}) {
      double one = Math.tan(Math.PI * level / 2);
      assertThat(StudentT.twoSidedQuantile(level, 1)).isCloseTo(one, within(1e-9 * one));
      double two = level * Math.sqrt(2 / ((1 - level) * (1 + level)));
      assertThat(StudentT.twoSidedQuantile(level, 2)).isCloseTo(two, within(1e-9 * two));
    }
  }

  @Test
  void manyDegreesOfFreedomApproachTheNormalDistribution() {
    assertThat(StudentT.twoSidedQuantile(0.95, 100_000_000)).isCloseTo(1.959963985, within(1e-6));
  }

  /** Upper points of the F distribution from published tables. */
  @ParameterizedTest
  @CsvSource({
    "161.4476, 1, 1, 0.05",
    "4.9646, 1, 10, 0.05",
    "3.3258, 5, 10, 0.05",
    "2.0, 2, 2, 0.333333",
    "1.7415, 4, 20, 0.180472"
  })
  void fProbabilitiesAgreeWithTables(double f, int numerator, int denominator, double expected) {
    assertThat(StudentT.fProbabilityBeyond(f, numerator, denominator))
        .isCloseTo(expected, within(2e-5));
  }

  @Test
  void fOfOneDegreeIsTheSquareOfT() {
    assertThat(StudentT.fProbabilityBeyond(2.5 * 2.5, 1, 7))
        .isCloseTo(StudentT.probabilityBeyond(2.5, 7), within(1e-14));
    assertThat(StudentT.fProbabilityBeyond(Double.POSITIVE_INFINITY, 2, 7)).isZero();
  }

  @Test
  void logGammaAgreesWithFactorialsAndRootPi() {
    assertThat(StudentT.logGamma(0.5)).isCloseTo(0.5 * Math.log(Math.PI), within(1e-14));
    double factorial = 0;
    for (int n = 1; n < 170; n++) {
      assertThat(StudentT.logGamma(n)).isCloseTo(factorial, within(1e-13 * (1 + factorial)));
      factorial += Math.log(n);
    }
  }

  @Test
  void tailsAreRightFarOut() {
    // One degree of freedom: 1 − (2/π) atan t = (2/π) atan(1/t).
    for (double t : new double[] {1e-8, 1, 1e3, 1e8, 1e15}) {
      double expected = 2 / Math.PI * Math.atan2(1, t);
      assertThat(StudentT.probabilityBeyond(t, 1)).isCloseTo(expected, within(1e-12 * expected));
    }
    assertThat(StudentT.probabilityBeyond(0, 7)).isEqualTo(1);
  }
}
