package org.widthwise.core.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** How often a nominal 95 % interval contains the true exponent, by simulation. */
class CoverageTest {
  private static final int SIMULATIONS = 1500;
  private static final double[] WIDTHS = {32, 64, 128, 256, 512, 1024, 2048};
  private static final double EXPONENT = -0.5;

  /**
   * Standard deviations in {@code ln y}, or in the exponent for {@code slope}, of what is drawn for
   * each number, once a trial, and once a width for all trials alike.
   */
  private record Noise(double each, double trialLevel, double trialSlope, double width) {}

  @Test
  void plainFitsCoverAsNominal() {
    double coverage = coverage(1, new Noise(0.1, 0, 0, 0), CoverageTest::trials, 0.95);
    // The standard deviation of the share is 0.56 %.
    assertThat(coverage).isBetween(0.938, 0.962);
    assertThat(coverage(1, new Noise(0.1, 0, 0, 0), CoverageTest::trials, 0.5))
        .isBetween(0.47, 0.53);
  }

  @Test
  void trialsWithIndependentNoiseAreCovered() {
    for (int trials : new int[] {2, 4, 8}) {
      assertThat(coverage(trials, new Noise(0.1, 0, 0, 0), CoverageTest::trials, 0.95))
          .isGreaterThan(0.94);
    }
  }

  @Test
  void effectsCommonToATrialAreCovered() {
    for (int trials : new int[] {2, 4, 8}) {
      assertThat(coverage(trials, new Noise(0.05, 0.5, 0, 0), CoverageTest::trials, 0.95))
          .isGreaterThan(0.94);
      assertThat(coverage(trials, new Noise(0.02, 0.3, 0.1, 0), CoverageTest::trials, 0.95))
          .isGreaterThan(0.93);
    }
  }

  @Test
  void straysCommonToAllTrialsAreCovered() {
    for (int trials : new int[] {2, 4, 8}) {
      assertThat(coverage(trials, new Noise(0.02, 0, 0, 0.1), CoverageTest::trials, 0.95))
          .isGreaterThan(0.93);
      assertThat(coverage(trials, new Noise(0.1, 0.3, 0, 0.1), CoverageTest::trials, 0.95))
          .isGreaterThan(0.93);
    }
  }

  @Test
  void poolingAllPointsAsIndependentWouldNotCoverCommonStrays() {
    Noise strays = new Noise(0.02, 0, 0, 0.1);
    assertThat(coverage(5, strays, CoverageTest::pool, 0.95)).isLessThan(0.8);
  }

  @Test
  void withoutEitherErrorWhatItSeesWouldNotBeCovered() {
    assertThat(
            coverage(
                5,
                new Noise(0.02, 0, 0.1, 0),
                y -> without(SlopeError.Source.DIFFERENCE_OF_TRIALS, y),
                0.95))
        .isLessThan(0.5);
    assertThat(
            coverage(
                5,
                new Noise(0.02, 0, 0, 0.1),
                y -> without(SlopeError.Source.SCATTER_ABOUT_LINE, y),
                0.95))
        .isLessThan(0.5);
  }

  @Test
  void intervalsAreNoWiderThanTheyNeedBe() {
    // Against the standard error known from the simulation's own parameters.
    Random random = new Random(3);
    double sum = 0;
    for (int s = 0; s < SIMULATIONS; s++) {
      double[][] y = draw(5, new Noise(0.1, 0.4, 0, 0), random);
      sum += PowerLaw.fitTrials(WIDTHS, y).exponentStandardError().orElseThrow();
    }
    double spread = 0;
    for (double width : WIDTHS) {
      spread += Math.pow(Math.log(width / 256), 2);
    }
    double known = 0.1 / Math.sqrt(5 * spread);
    assertThat(sum / SIMULATIONS / known).isBetween(0.9, 1.4);
  }

  private static double coverage(
      int trials, Noise noise, Function<double[][], PowerLawFit> method, double level) {
    Random random = new Random(17);
    int covered = 0;
    for (int s = 0; s < SIMULATIONS; s++) {
      double[][] y = draw(trials, noise, random);
      PowerLawFit fit = method.apply(y);
      if (fit.confidenceInterval(level).contains(EXPONENT)) {
        covered++;
      }
    }
    return covered / (double) SIMULATIONS;
  }

  private static PowerLawFit trials(double[][] y) {
    return PowerLaw.fitTrials(WIDTHS, y);
  }

  private static PowerLawFit without(SlopeError.Source source, double[][] y) {
    PowerLawFit fit = trials(y);
    return new PowerLawFit(
        fit.exponent(),
        fit.prefactor(),
        fit.points(),
        fit.trials(),
        fit.residualStandardDeviation(),
        fit.slopeErrors().stream().filter(error -> error.source() != source).toList());
  }

  private static PowerLawFit pool(double[][] y) {
    double[] allX = new double[y.length * WIDTHS.length];
    double[] allY = new double[allX.length];
    for (int t = 0; t < y.length; t++) {
      System.arraycopy(WIDTHS, 0, allX, t * WIDTHS.length, WIDTHS.length);
      System.arraycopy(y[t], 0, allY, t * WIDTHS.length, WIDTHS.length);
    }
    return PowerLaw.fit(allX, allY);
  }

  private static double[][] draw(int trials, Noise noise, Random random) {
    double[] strays = new double[WIDTHS.length];
    for (int i = 0; i < strays.length; i++) {
      strays[i] = noise.width() * random.nextGaussian();
    }
    double[][] y = new double[trials][WIDTHS.length];
    for (int t = 0; t < trials; t++) {
      double level = noise.trialLevel() * random.nextGaussian();
      double exponent = EXPONENT + noise.trialSlope() * random.nextGaussian();
      for (int i = 0; i < WIDTHS.length; i++) {
        double error = level + strays[i] + noise.each() * random.nextGaussian();
        y[t][i] = Math.pow(WIDTHS[i], exponent) * Math.exp(error);
      }
    }
    return y;
  }
}
