package org.widthwise.core.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class SampleMeanTest {

  @Test
  void knownNumbers() {
    SampleMean mean = SampleMean.of(1, 2, 3, 4);
    assertThat(mean.mean()).isEqualTo(2.5);
    assertThat(mean.standardError()).isCloseTo(Math.sqrt(5.0 / 3 / 4), within(1e-15));
    assertThat(mean.count()).isEqualTo(4);
    // Student's t for three degrees of freedom at 95 %.
    assertThat(mean.confidenceInterval(0.95).upper())
        .isCloseTo(2.5 + 3.182446305 * mean.standardError(), within(1e-8));
  }

  @Test
  void theIntervalCoversTheTruthAsOftenAsItSays() {
    Random random = new Random(17);
    int covered = 0;
    int rounds = 4000;
    for (int round = 0; round < rounds; round++) {
      double[] values = random.doubles(5).map(any -> 3 + random.nextGaussian()).toArray();
      covered += SampleMean.of(values).confidenceInterval(0.9).contains(3) ? 1 : 0;
    }
    // Four standard deviations of a binomial.
    assertThat((double) covered / rounds).isCloseTo(0.9, within(4 * Math.sqrt(0.09 / rounds)));
  }

  @Test
  void unknownErrorsGiveNoBounds() {
    assertThat(SampleMean.of(7).mean()).isEqualTo(7);
    assertThat(SampleMean.of(7).confidenceInterval(0.95)).isEqualTo(Interval.EVERYTHING);
    assertThat(SampleMean.of().confidenceInterval(0.95)).isEqualTo(Interval.EVERYTHING);
    assertThat(SampleMean.of(1, Double.NaN).confidenceInterval(0.95))
        .isEqualTo(Interval.EVERYTHING);
    assertThat(SampleMean.of(2, 2).confidenceInterval(0.95)).isEqualTo(new Interval(2, 2));
    assertThatThrownBy(() -> SampleMean.of(1, 2).confidenceInterval(1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneRuleForAllVerdicts() {
    Interval accepted = new Interval(1, 2);
    assertThat(Verdict.of(new Interval(1, 2), accepted)).isEqualTo(Verdict.HOLDS);
    assertThat(Verdict.of(new Interval(0.9, 1.5), accepted)).isEqualTo(Verdict.UNDECIDED);
    assertThat(Verdict.of(new Interval(0, 5), accepted)).isEqualTo(Verdict.UNDECIDED);
    assertThat(Verdict.of(new Interval(2.1, 2.2), accepted)).isEqualTo(Verdict.FAILS);
    assertThat(Verdict.of(Interval.EVERYTHING, Interval.EVERYTHING)).isEqualTo(Verdict.UNDECIDED);
  }
}
