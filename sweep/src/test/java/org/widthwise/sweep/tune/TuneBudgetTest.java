package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.TrainingExecutor;

final class TuneBudgetTest {

  private static final int TARGET = 2048;

  private static TuneSettings settings(List<Integer> widths, List<PrefactorAxis> axes) {
    return new TuneSettings(
        new TrialConfiguration(
            32, "spectral", "adam", null, 0, 1, 1, 0, Double.NaN, Map.of(), Map.of()),
        List.of(0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0),
        List.of(0L, 1L, 2L),
        widths,
        2 * widths.get(widths.size() - 1),
        TARGET,
        90,
        axes,
        20,
        TrainingExecutor.FINAL_TRAINING_LOSS);
  }

  private static ToDoubleFunction<TrialConfiguration> power(double exponent) {
    return trial -> 100 * Math.pow(trial.width(), exponent);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "1, false", "2, true", "3, true", "3, false"})
  void reckonsWhatATuningComesTo(double exponent, boolean searches) throws InterruptedException {
    List<PrefactorAxis> axes =
        searches
            ? List.of(PrefactorAxis.parse("input.init"), PrefactorAxis.parse("readout.rate"))
            : List.of();
    TuneSettings settings = settings(List.of(32, 64, 128), axes);
    Surface surface = new Surface(0.05, 0.001, 1, trial -> -1.3, trial -> 0);
    TuneResult result = new Tuning(settings, surface, power(exponent), 0, 1).run();
    assertThat(TuneBudget.reckoned(settings, power(exponent)))
        .isCloseTo(result.cost().share(), Percentage.withPercentage(30));
  }

  @ParameterizedTest
  @CsvSource({
    // By hand, of the second: the fit at 256 takes 15·21/16 of (1/8)² target trainings, the check
    // 4/16,
    // the bracket 7/1024, of 21; at 512 it is four times that, 0.107.
    "1, 0.05, 64",
    "2, 0.05, 256",
    "3, 0.05, 512",
    "3, 0.0001, 64",
    "1, 1, 512",
  })
  void widensAsFarAsTheBudgetAllows(double exponent, double share, int widest) {
    TuneSettings least = settings(List.of(16, 32, 64), List.of());
    TuneSettings found = new TuneBudget(share).widen(least, power(exponent));
    assertThat(found.widths()).containsExactly(widest / 4, widest / 2, widest);
    assertThat(found.check()).isEqualTo(2 * widest);
    assertThat(found.withWidths(least.widths(), least.check())).isEqualTo(least);
    if (widest > 64) {
      assertThat(TuneBudget.reckoned(found, power(exponent))).isLessThanOrEqualTo(share);
    }
    if (found.canDouble()) {
      assertThat(TuneBudget.reckoned(found.doubled(), power(exponent))).isGreaterThan(share);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.5, Double.NaN})
  void aBudgetIsAShare(double share) {
    assertThatThrownBy(() -> new TuneBudget(share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above 0 and at most 1");
  }

  @Test
  void narrowIsAtMostAQuarterOfTheTarget() {
    assertThat(settings(List.of(128, 256, 512), List.of()).canDouble()).isFalse();
  }
}
