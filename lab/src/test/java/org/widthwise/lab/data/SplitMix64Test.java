package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
  @Test
  void drawsTheSequenceOfTheJdksGenerator() {
    SplittableRandom reference = new SplittableRandom(42);
    SplitMix64 random = new SplitMix64(42);
    for (int i = 0; i < 1000; i++) {
      assertThat(random.nextLong()).isEqualTo(reference.nextLong());
    }
  }

  @Test
  void boundedDrawsAreUniform() {
    SplitMix64 random = SplitMix64.of(3, 4);
    int[] counts = new int[7];
    int draws = 70_000;
    for (int i = 0; i < draws; i++) {
      counts[random.nextInt(7)]++;
    }
    double chiSquared = 0;
    for (int count : counts) {
      chiSquared += Math.pow(count - draws / 7.0, 2) / (draws / 7.0);
    }
    // The 99.9 % quantile of χ² with six degrees of freedom.
    assertThat(chiSquared).isLessThan(22.5);
  }

  @Test
  void nearlyGaussianDrawsHaveTheMomentsOfFourUniformNumbers() {
    SplitMix64 random = SplitMix64.of(1, 0);
    int draws = 200_000;
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    for (int i = 0; i < draws; i++) {
      double x = random.nextNearlyGaussian();
      sum += x;
      squares += x * x;
      fourth += x * x * x * x;
    }
    assertThat(sum / draws).isCloseTo(0, within(4 / Math.sqrt(draws)));
    assertThat(squares / draws).isCloseTo(1, within(4 * 1.3 / Math.sqrt(draws)));
    assertThat(fourth / draws).isCloseTo(2.7, within(0.08));
  }

  @Test
  void membersOfAFamilyDiffer() {
    assertThat(SplitMix64.of(1, 0).nextLong())
        .isNotEqualTo(SplitMix64.of(1, 1).nextLong())
        .isNotEqualTo(SplitMix64.of(2, 0).nextLong())
        .isEqualTo(SplitMix64.of(1, 0).nextLong());
  }
}
