package org.widthwise.core.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerLawTest {
  private static final double[] WIDTHS = {16, 32, 64, 128, 256, 512, 1024};

  @Test
  void recoversExactLaws() {
    for (double exponent : new double[] {-2, -1, -0.5, 0, 1.0 / 3, 0.5, 1, 7}) {
      for (double prefactor : new double[] {1e-9, 1, 3.7, 1e12}) {
        double[] y = Arrays.stream(WIDTHS).map(x -> prefactor * Math.pow(x, exponent)).toArray();
        PowerLawFit fit = PowerLaw.fit(WIDTHS, y);
        assertThat(fit.exponent()).isCloseTo(exponent, within(1e-12));
        assertThat(fit.prefactor() / prefactor).isCloseTo(1, within(1e-12));
        assertThat(fit.exponentStandardError().orElseThrow()).isLessThan(1e-12);
        assertThat(fit.residualStandardDeviation().orElseThrow()).isLessThan(1e-12);
        assertThat(fit.predict(100))
            .isCloseTo(
                prefactor * Math.pow(100, exponent),
                within(1e-11 * prefactor * Math.pow(100, exponent)));
      }
    }
  }

  @Test
  void agreesWithLeastSquaresDoneByHand() {
    // In logs: X = 0, 1, 2, 3 and Y = 1, 3, 2, 5, so X̄ = 1.5, Ȳ = 2.75, Sxy = 5.5, Sxx = 5,
    // slope 1.1, intercept 1.1, residuals −0.1, 0.8, −1.3, 0.6 with squares 2.7, s² = 1.35.
    double[] x = {1, Math.E, Math.exp(2), Math.exp(3)};
    double[] y = {Math.exp(1), Math.exp(3), Math.exp(2), Math.exp(5)};
    PowerLawFit fit = PowerLaw.fit(x, y);
    assertThat(fit.exponent()).isCloseTo(1.1, within(1e-12));
    assertThat(Math.log(fit.prefactor())).isCloseTo(1.1, within(1e-12));
    assertThat(fit.points()).isEqualTo(4);
    assertThat(fit.trials()).isEqualTo(1);
    assertThat(fit.residualStandardDeviation().orElseThrow())
        .isCloseTo(Math.sqrt(1.35), within(1e-12));
    double standardError = Math.sqrt(1.35 / 5);
    assertThat(fit.exponentStandardError().orElseThrow()).isCloseTo(standardError, within(1e-12));
    // Student's quantile for 95 % and two degrees of freedom is 4.3026527.
    Interval interval = fit.confidenceInterval(0.95);
    assertThat(interval.upper()).isCloseTo(1.1 + 4.3026527 * standardError, within(1e-7));
    assertThat(interval.lower()).isCloseTo(1.1 - 4.3026527 * standardError, within(1e-7));
    assertThat(fit.confidenceInterval(0.5).upper()).isLessThan(interval.upper());
  }

  @Test
  void twoPointsHaveALineButNoError() {
    PowerLawFit fit = PowerLaw.fit(new double[] {10, 1000}, new double[] {2, 20});
    assertThat(fit.exponent()).isCloseTo(0.5, within(1e-14));
    assertThat(fit.exponentStandardError()).isEmpty();
    assertThat(fit.residualStandardDeviation()).isEmpty();
    assertThat(fit.confidenceInterval(0.95)).isEqualTo(Interval.EVERYTHING);
  }

  @Test
  void oneTrialIsAPlainFit() {
    double[] y = {3, 5, 4, 8, 7, 11, 12};
    PowerLawFit plain = PowerLaw.fit(WIDTHS, y);
    assertThat(PowerLaw.fitTrials(WIDTHS, new double[][] {y})).isEqualTo(plain);
  }

  @Test
  void trialsThatDifferOnlyInSizeAgreeOnTheExponent() {
    double[] bent = {3, 5, 4, 8, 7, 11, 12};
    double[] twice = Arrays.stream(bent).map(v -> 2 * v).toArray();
    PowerLawFit fit = PowerLaw.fitTrials(WIDTHS, new double[][] {bent, twice, bent});
    PowerLawFit plain = PowerLaw.fit(WIDTHS, bent);
    assertThat(fit.exponent()).isCloseTo(plain.exponent(), within(1e-12));
    assertThat(fit.prefactor()).isCloseTo(Math.cbrt(2) * plain.prefactor(), within(1e-12));
    // The trials' slopes do not differ, so that cause is pooled: 2 degrees of freedom beside 10.
    SlopeError noise = error(fit, SlopeError.Source.NOISE);
    assertThat(noise.standardError()).isLessThan(1e-7);
    assertThat(noise.degreesOfFreedom()).isEqualTo(12);
    // Trials that bend alike are no reason to trust the line more.
    assertThat(fit.exponentStandardError().orElseThrow())
        .isCloseTo(plain.exponentStandardError().orElseThrow(), within(1e-12));
    assertThat(fit.trials()).isEqualTo(3);
    assertThat(fit.points()).isEqualTo(7);
  }

  @Test
  void trialsWithExactLawsOfDifferentExponentsAreUncertainByTheirDifference() {
    double[][] y = new double[4][];
    double[] exponents = {0.4, 0.5, 0.5, 0.6};
    for (int t = 0; t < 4; t++) {
      double exponent = exponents[t];
      y[t] = Arrays.stream(WIDTHS).map(x -> Math.pow(x, exponent)).toArray();
    }
    PowerLawFit fit = PowerLaw.fitTrials(WIDTHS, y);
    assertThat(fit.exponent()).isCloseTo(0.5, within(1e-12));
    // The sample variance is 0.02/3; the mean of four has a quarter of it.
    assertThat(fit.exponentStandardError().orElseThrow())
        .isCloseTo(Math.sqrt(0.02 / 12), within(1e-12));
    assertThat(fit.confidenceInterval(0.95).upper())
        .isCloseTo(0.5 + 3.1824463 * Math.sqrt(0.02 / 12), within(1e-8));
  }

  /** Two trials at three widths, worked out by hand: nothing stands out, so all is pooled. */
  @Test
  void fewTrialsAtFewPointsArePooled() {
    double e = Math.E;
    double[] x = {1, e, e * e};
    // Logarithms 0.1, 0.9, 2.0 and −0.1, 1.2, 2.0: means 0, 1.05, 2, of slope 1.
    double[][] y = {
      {Math.exp(0.1), Math.exp(0.9), Math.exp(2.0)},
      {Math.exp(-0.1), Math.exp(1.2), Math.exp(2.0)}
    };
    PowerLawFit fit = PowerLaw.fitTrials(x, y);
    assertThat(fit.exponent()).isCloseTo(1, within(1e-12));
    assertThat(fit.slopeErrors())
        .extracting(SlopeError::source)
        .containsExactly(SlopeError.Source.NOISE);
    // Slopes 0.95 and 1.05, spread of x 2: 2·(0.05² + 0.05²) = 0.01. The means lie 1/60, 1/30 and
    // 1/60 off the line, each for two trials. The rest is half the difference of the trials, less
    // its own line.
    double slopes = 0.01;
    double strays = 2 * (2 * Math.pow(0.05 / 3, 2) + Math.pow(0.1 / 3, 2));
    double[] half = {0.1, -0.15, 0};
    double rest = 0;
    double mean = (half[0] + half[1] + half[2]) / 3;
    for (int i = 0; i < 3; i++) {
      rest += 2 * Math.pow(half[i] - mean + 0.05 * (i - 1), 2);
    }
    assertThat(fit.exponentStandardError().orElseThrow())
        .isCloseTo(Math.sqrt((slopes + strays + rest) / 3 / (2 * 2)), within(1e-12));
    assertThat(fit.slopeErrors().get(0).degreesOfFreedom()).isEqualTo(3);
  }

  @Test
  void twoPointsInSeveralTrialsHaveAnErrorByTheTrials() {
    PowerLawFit fit =
        PowerLaw.fitTrials(new double[] {1, Math.E}, new double[][] {{1, Math.E}, {1, 1}});
    assertThat(fit.exponent()).isCloseTo(0.5, within(1e-14));
    assertThat(fit.slopeErrors())
        .extracting(SlopeError::source)
        .containsExactly(SlopeError.Source.DIFFERENCE_OF_TRIALS);
    assertThat(fit.exponentStandardError().orElseThrow()).isCloseTo(0.5, within(1e-14));
  }

  @Test
  void refusesWhatHasNoLogarithm() {
    double[] good = {1, 2, 3};
    for (double bad :
        new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      double[] withBad = {1, bad, 3};
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PowerLaw.fit(withBad, good))
          .withMessageContaining("x[1] is " + bad);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PowerLaw.fit(good, withBad))
          .withMessageContaining("y[1] is " + bad);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PowerLaw.fitTrials(good, new double[][] {good, withBad}))
          .withMessageContaining("y of trial 1[1] is " + bad);
      assertThatIllegalArgumentException().isThrownBy(() -> PowerLaw.fit(good, good).predict(bad));
    }
  }

  @Test
  void refusesTooFewPointsAndUnequalLengths() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerLaw.fit(new double[] {3, 3, 3}, new double[] {1, 2, 3}))
        .withMessageContaining("at least 2 different values of x, but got 1 among 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerLaw.fit(new double[0], new double[0]))
        .withMessageContaining("got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerLaw.fit(new double[] {1, 2}, new double[] {1, 2, 3}))
        .withMessageContaining("2 x and 3 y");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerLaw.fitTrials(new double[] {1, 2}, new double[0][]))
        .withMessageContaining("at least 1 trial");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerLaw.fit(WIDTHS, WIDTHS).confidenceInterval(1))
        .withMessageContaining("1.0");
  }

  private static SlopeError error(PowerLawFit fit, SlopeError.Source source) {
    List<SlopeError> found = fit.slopeErrors().stream().filter(e -> e.source() == source).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
