package org.widthwise.lab.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TicksTest {
  private static final long SEED = 20231017;

  @ParameterizedTest
  @EnumSource(Scale.class)
  void everyRangeGetsTwoToNineDistinctLabelsWithinItsEnds(Scale scale) {
    Random random = new Random(SEED);
    for (int i = 0; i < 4_000; i++) {
      double low = Math.pow(10, -12 + 20 * random.nextDouble());
      // From a hundredth of the value to fifty decades.
      double high = low * (1 + Math.pow(10, -2 + 52 * Math.pow(random.nextDouble(), 3)));
      if (scale == Scale.LINEAR && random.nextBoolean()) {
        low = -low * 3 * random.nextDouble();
      }
      Ticks ticks = Ticks.choose(scale, low, high);
      String range = scale + " from " + low + " to " + high + " (seed " + SEED + ")";
      assertThat(ticks.major()).as(range).hasSizeBetween(2, 9).isSorted().doesNotHaveDuplicates();
      assertThat(ticks.major().get(0)).as(range).isGreaterThanOrEqualTo(low);
      assertThat(ticks.major().get(ticks.major().size() - 1)).as(range).isLessThanOrEqualTo(high);
      assertThat(ticks.minor()).as(range).doesNotContainAnyElementsOf(ticks.major());
      assertThat(TickLabels.of(scale, ticks.major()))
          .as(range)
          .hasSameSizeAs(ticks.major())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void severalDecadesGetPowersOfTenWithRaisedExponents() {
    Ticks ticks = Ticks.choose(Scale.LOG10, 0.0008, 12);
    assertThat(ticks.major()).containsExactly(0.001, 0.01, 0.1, 1.0, 10.0);
    assertThat(ticks.minor()).contains(0.0009, 0.002, 0.5, 9.0).doesNotContain(0.0007, 20.0);
    assertThat(TickLabels.of(Scale.LOG10, ticks.major()))
        .startsWith(Text.power("10", "−3"))
        .endsWith(Text.power("10", "0"), Text.power("10", "1"));
  }

  @Test
  void lessThanADecadeGetsReadableNumbers() {
    Ticks ticks = Ticks.choose(Scale.LOG10, 0.04, 0.6);
    assertThat(ticks.major()).containsExactly(0.05, 0.1, 0.2, 0.5);
    assertThat(words(Scale.LOG10, ticks)).containsExactly("0.05", "0.1", "0.2", "0.5");
  }

  @Test
  void widthsGetPowersOfTwoAsPlainNumbers() {
    Ticks ticks = Ticks.choose(Scale.LOG2, 14, 4500);
    assertThat(words(Scale.LOG2, ticks))
        .containsExactly("16", "32", "64", "128", "256", "512", "1024", "2048", "4096");
  }

  @Test
  void linearTicksShareTheirDecimalsAndUseTheMinusSign() {
    Ticks ticks = Ticks.choose(Scale.LINEAR, -1.1, 1.05);
    assertThat(words(Scale.LINEAR, ticks)).containsExactly("−1.0", "−0.5", "0.0", "0.5", "1.0");
  }

  @Test
  void largeNumbersAreWrittenWithPowers() {
    List<Text> labels = TickLabels.of(Scale.LINEAR, List.of(0.0, 2e6, 1e7));
    assertThat(labels)
        .containsExactly(Text.plain("0"), Text.power("2×10", "6"), Text.power("10", "7"));
  }

  private static List<String> words(Scale scale, Ticks ticks) {
    return TickLabels.of(scale, ticks.major()).stream()
        .map(t -> t.runs().get(0).characters())
        .toList();
  }
}
