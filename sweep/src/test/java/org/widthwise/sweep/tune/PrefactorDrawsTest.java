package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.widthwise.sweep.definition.TrialConfiguration;

final class PrefactorDrawsTest {

  private static final TrialConfiguration BASE =
      new TrialConfiguration(
          32, "spectral", "adam", null, 0, 0.5, 1, 0, Double.NaN, Map.of("input", 2.0), Map.of());

  @Test
  void drawsFillTheRangesAndTheFirstIsThePlanAsItIs() {
    List<PrefactorAxis> axes =
        List.of(
            PrefactorAxis.parse("input.init"),
            PrefactorAxis.parse("input.rate"),
            PrefactorAxis.parse("readout.init"));
    List<TrialConfiguration> drawn = new PrefactorDraws(axes).of(BASE, 70);
    assertThat(drawn).hasSize(70).doesNotHaveDuplicates();
    assertThat(drawn.get(0)).isEqualTo(BASE);
    assertThat(new PrefactorDraws(axes).of(BASE, 70)).isEqualTo(drawn);
    Set<Double> inits = new TreeSet<>();
    double rateSum = 0;
    int small = 0;
    for (TrialConfiguration one : drawn.subList(1, 70)) {
      inits.add(one.inits().getOrDefault("input", 1.0));
      double octaves = Math.log(one.learningRate() / 0.5) / Math.log(2);
      assertThat(octaves).isBetween(-2.0, 2.0);
      assertThat(2 * octaves).isCloseTo(Math.rint(2 * octaves), within(1e-9));
      rateSum += octaves;
      small += one.rates().getOrDefault("input", 1.0) < 2 ? 1 : 0;
    }
    // Times the factor that was there.
    assertThat(inits).containsExactly(0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0);
    assertThat(rateSum / 69).isCloseTo(0, within(0.1));
    // 3 of 7 powers: 29.6 of 69; even draws are within 2 of it, where random ones spread by 4.
    assertThat(small).isBetween(27, 32);
  }

  @Test
  void fewCombinationsAreDrawnOnce() {
    List<TrialConfiguration> drawn =
        new PrefactorDraws(List.of(PrefactorAxis.parse("readout.init"))).of(BASE, 500);
    // 7 factors at 9 rates.
    assertThat(drawn).hasSizeLessThanOrEqualTo(63).hasSizeGreaterThan(40).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNoPrefactorIsRefused() {
    assertThat(PrefactorAxis.parse(" Readout.INIT ").id()).isEqualTo("readout.init");
    assertThatThrownBy(() -> PrefactorAxis.parse("readout"))
        .hasMessageContaining("ROLE.init or ROLE.rate");
    assertThatThrownBy(() -> PrefactorAxis.parse("readout.std"))
        .hasMessageContaining("ROLE.init or ROLE.rate");
    assertThatThrownBy(() -> PrefactorAxis.parse("output.init"))
        .hasMessageContaining("known are input");
    assertThatThrownBy(() -> PrefactorAxis.parse("bias.init"))
        .hasMessageContaining("tune bias.rate");
  }
}
