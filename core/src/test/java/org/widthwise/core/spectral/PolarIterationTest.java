package org.widthwise.core.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polynomials against published numbers and against what makes a best approximation best. */
final class PolarIterationTest {

  /** Enough points for the extrema of a polynomial of degree 5⁶ to show to three digits. */
  private static final int POINTS = 400_000;

  @Test
  void polarExpressHasThePublishedCoefficients() {
    double[][] published = {
      {8.15655, -22.48329, 15.87877},
      {4.04293, -2.80892, 0.50002},
      {3.89167, -2.77248, 0.50606},
      {3.28575, -2.36813, 0.46449},
      {2.34654, -1.70978, 0.42324}
    };
    List<OddQuintic> steps = PolarExpress.withDefaults().iteration().steps();
    assertThat(steps).hasSize(published.length);
    for (int i = 0; i < published.length; i++) {
      assertThat(steps.get(i).a()).isCloseTo(published[i][0], within(1e-5));
      assertThat(steps.get(i).b()).isCloseTo(published[i][1], within(1e-5));
      assertThat(steps.get(i).c()).isCloseTo(published[i][2], within(1e-5));
    }
  }

  /**
   * Bands as published for singular values from 0.01 to 1, which they fill: to the last digit
   * given.
   */
  @ParameterizedTest
  @CsvSource({
    "keller-jordan, 0.682, 1.134, 1e-3",
    "modula, 0.9956, 0.9993, 1e-4",
    "polar-express, 0.859, 1.141, 1e-3",
    "cubic, 0.076, 1, 1e-3"
  })
  void fillsItsBand(String name, double lowest, double highest, double digit) {
    PolarIteration iteration = named(name);
    double least = Double.POSITIVE_INFINITY;
    double greatest = 0;
    for (int i = 0; i <= POINTS; i++) {
      double value = iteration.at(Math.pow(0.01, (double) i / POINTS));
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    assertThat(least).isCloseTo(lowest, within(digit));
    assertThat(greatest).isCloseTo(highest, within(digit));
  }

  @Test
  void zeroStaysZeroAndSignsStay() {
    for (String name : List.of("keller-jordan", "modula", "polar-express", "cubic")) {
      assertThat(named(name).at(0)).isZero();
      assertThat(named(name).at(-0.3)).isEqualTo(-named(name).at(0.3));
    }
  }

  /**
   * P. Chebyshev: of all odd quintics the one whose error has the same size with alternating signs
   * at four points, three coefficients and one more, is the closest.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 0.02, 0.1, 0.3, 0.6, 0.9, 0.99})
  void theBestQuinticMissesByTheSameFourTimes(double lower) {
    for (double upper : new double[] {1, 1.7}) {
      OddQuintic best = MinimaxQuintic.on(lower * upper, upper);
      double largest = 0;
      for (int i = 0; i <= POINTS; i++) {
        double x = upper * (lower + (1 - lower) * i / POINTS);
        largest = Math.max(largest, Math.abs(best.at(x) - 1));
      }
      int alternations = 0;
      double sign = 0;
      for (int i = 0; i <= POINTS; i++) {
        double error = best.at(upper * (lower + (1 - lower) * i / POINTS)) - 1;
        // Within what the grid can miss of an extremum, and rounding.
        if (Math.abs(error) >= largest * (1 - 1e-6) - 1e-15 && Math.signum(error) != sign) {
          sign = Math.signum(error);
          alternations++;
        }
      }
      assertThat(alternations).as("[%s, %s]", lower * upper, upper).isEqualTo(4);
    }
  }

  /** Without cushion and safety each end of an interval maps to 1 − E and 1 + E. */
  @Test
  void theOptimumItselfConvergesFromItsLowerBoundOn() {
    PolarExpress optimal =
        PolarExpress.withDefaults().withCushion(0).withSafety(0).withLowerBound(0.01);
    double before = 1;
    for (int steps = 1; steps <= 6; steps++) {
      PolarIteration iteration = optimal.withSteps(steps).iteration();
      double worst = 0;
      for (int i = 0; i <= 10_000; i++) {
        worst = Math.max(worst, Math.abs(iteration.at(Math.pow(0.01, i / 10_000.0)) - 1));
      }
      assertThat(worst).isLessThan(before);
      assertThat(iteration.at(0.01)).isCloseTo(1 - worst, within(1e-9));
      before = Math.max(worst, 1e-9);
    }
    assertThat(before).isLessThan(1e-8);
  }

  @Test
  void theLimitOfANarrowIntervalIsTheTaylorPolynomial() {
    OddQuintic narrow = MinimaxQuintic.on(1 - 1e-4, 1);
    assertThat(narrow.a()).isCloseTo(15.0 / 8, within(1e-3));
    OddQuintic point = MinimaxQuintic.on(2, 2);
    assertThat(point.at(2)).isCloseTo(1, within(1e-15));
    assertThat(point.at(2 + 1e-4)).isCloseTo(1, within(1e-11));
  }

  @Test
  void refusesWhatItCannotDo() {
    PolarExpress settings = PolarExpress.withDefaults();
    assertThatThrownBy(() -> settings.withLowerBound(0)).hasMessageContaining("lower bound");
    assertThatThrownBy(() -> settings.withSteps(0)).hasMessageContaining("at least 1 step");
    assertThatThrownBy(() -> settings.withCushion(-0.1)).hasMessageContaining("cushion");
    assertThatThrownBy(() -> settings.withSafety(Double.NaN)).hasMessageContaining("safety");
    assertThatThrownBy(() -> PolarIteration.repeated(new OddQuintic(1, 0, 0), 0))
        .hasMessageContaining("needs a step");
  }

  private static PolarIteration named(String name) {
    return switch (name) {
      case "keller-jordan" -> PolarIteration.kellerJordan();
      case "modula" -> PolarIteration.modula();
      case "polar-express" -> PolarIteration.polarExpress();
      default -> PolarIteration.cubic();
    };
  }
}
