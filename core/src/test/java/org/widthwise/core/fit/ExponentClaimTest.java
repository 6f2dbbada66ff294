package org.widthwise.core.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExponentClaimTest {
  /** Student's quantile for 95 % and ten degrees of freedom is 2.2281389. */
  private static final double HALF_WIDTH = 0.01 * 2.2281389;

  private static PowerLawFit fitted(double exponent) {
    return new PowerLawFit(
        exponent,
        1,
        12,
        1,
        OptionalDouble.of(0.1),
        List.of(new SlopeError(SlopeError.Source.SCATTER_ABOUT_LINE, 0.01, 10)));
  }

  @Test
  void judgesByTheConfidenceInterval() {
    ExponentClaim claim = ExponentClaim.of(0.5, 0.1);
    assertThat(claim.judge(fitted(0.5))).isEqualTo(Verdict.HOLDS);
    for (double side : new double[] {-1, 1}) {
      double small = 1e-6;
      assertThat(claim.judge(fitted(0.5 + side * (0.1 - HALF_WIDTH - small))))
          .isEqualTo(Verdict.HOLDS);
      assertThat(claim.judge(fitted(0.5 + side * (0.1 - HALF_WIDTH + small))))
          .isEqualTo(Verdict.UNDECIDED);
      assertThat(claim.judge(fitted(0.5 + side * 0.1))).isEqualTo(Verdict.UNDECIDED);
      assertThat(claim.judge(fitted(0.5 + side * (0.1 + HALF_WIDTH - small))))
          .isEqualTo(Verdict.UNDECIDED);
      assertThat(claim.judge(fitted(0.5 + side * (0.1 + HALF_WIDTH + small))))
          .isEqualTo(Verdict.FAILS);
    }
  }

  @Test
  void anIntervalWiderThanTheToleranceDecidesNothing() {
    assertThat(ExponentClaim.of(0.5, 0.01).judge(fitted(0.5))).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void confidenceMovesTheVerdict() {
    // Half-widths for ten degrees of freedom: 0.7 at 50 %, 2.23 at 95 % and 3.17 at 99 %.
    assertThat(new ExponentClaim(0.5, 0.03, 0.99).judge(fitted(0.5))).isEqualTo(Verdict.UNDECIDED);
    assertThat(new ExponentClaim(0.5, 0.03, 0.95).judge(fitted(0.5))).isEqualTo(Verdict.HOLDS);
    assertThat(new ExponentClaim(0.5, 0.03, 0.95).judge(fitted(0.54))).isEqualTo(Verdict.UNDECIDED);
    assertThat(new ExponentClaim(0.5, 0.03, 0.5).judge(fitted(0.54))).isEqualTo(Verdict.FAILS);
  }

  @Test
  void withoutAnIntervalNothingIsDecided() {
    PowerLawFit exact = PowerLaw.fit(new double[] {1, 100}, new double[] {1, 10});
    assertThat(ExponentClaim.of(0.5, 0.1).judge(exact)).isEqualTo(Verdict.UNDECIDED);
    assertThat(ExponentClaim.of(9, 0.1).judge(exact)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void noisyLawsAreRarelyJudgedWrong() {
    Random random = new Random(4);
    double[] widths = {32, 64, 128, 256, 512, 1024};
    int failsThoughTrue = 0;
    int holdsThoughFalse = 0;
    int holdsWhenTrue = 0;
    for (int s = 0; s < 2000; s++) {
      double[] y = new double[widths.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = Math.sqrt(widths[i]) * Math.exp(0.05 * random.nextGaussian());
      }
      PowerLawFit fit = PowerLaw.fit(widths, y);
      failsThoughTrue += ExponentClaim.of(0.45, 0.05).judge(fit) == Verdict.FAILS ? 1 : 0;
      holdsThoughFalse += ExponentClaim.of(0.449, 0.05).judge(fit) == Verdict.HOLDS ? 1 : 0;
      holdsWhenTrue += ExponentClaim.of(0.5, 0.15).judge(fit) == Verdict.HOLDS ? 1 : 0;
    }
    // The truth sits at the tolerance's edge: one side of a two-sided 5 % each, plus three sigma.
    assertThat(failsThoughTrue / 2000.0).isLessThan(0.025 + 3 * 0.0035);
    assertThat(holdsThoughFalse / 2000.0).isLessThan(0.025 + 3 * 0.0035);
    assertThat(holdsWhenTrue / 2000.0).isGreaterThan(0.95);
  }

  @Test
  void verdictsHaveWords() {
    assertThat(Verdict.values())
        .extracting(Verdict::id)
        .containsExactly("holds", "fails", "undecided");
  }

  @Test
  void refusesClaimsThatCannotBeJudged() {
    for (double bad : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> ExponentClaim.of(0.5, bad));
    }
    for (double bad : new double[] {0, 1, -1, 95, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ExponentClaim(0.5, 0.1, bad))
          .withMessageContaining("between 0 and 1");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> ExponentClaim.of(Double.NaN, 0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Interval(Double.NaN, 0));
  }
}
