package org.widthwise.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.lab.paper.Figure2;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;

final class SlopeFitsTest {

  private static final Figure2 FIGURE = new Figure2();
  private static final List<Long> WIDE = List.of(64L, 128L, 256L, 512L);

  /** What Figure 2 predicts, from the paper's section 6, by panel: first μP, then NTP. */
  private static final Map<String, double[]> PREDICTED =
      Map.of(
          "A", new double[] {0, -0.5},
          "B", new double[] {0, -0.5},
          "C", new double[] {0, -0.5},
          "D", new double[] {-0.5, -1});

  @Test
  void theFigurePredictsWhatThePaperDoes() {
    assertThat(FIGURE.panels()).hasSize(4);
    for (PanelSpec panel : FIGURE.panels()) {
      double[] slopes = predicted(panel.id());
      assertThat(panel.curves().stream().map(Curve::id)).containsExactly("mup", "ntp");
      assertThat(panel.curves().stream().map(Curve::prediction))
          .containsExactly(Prediction.exponent(slopes[0]), Prediction.exponent(slopes[1]));
    }
  }

  private static double[] predicted(String panel) {
    return Objects.requireNonNull(PREDICTED.get(panel));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.02})
  void plantedPredictionsHold(double noise) {
    List<SlopeFit> fits = SlopeFits.of(FIGURE, planted(WIDE, 5, 0, noise, 1));
    assertThat(fits).hasSize(8);
    for (SlopeFit fit : fits) {
      double expected = predicted(fit.panel())[fit.series().equals("mup") ? 0 : 1];
      assertThat(fit.verdict()).as("%s", fit).isEqualTo("holds");
      assertThat(fit.expectedSlope()).isEqualTo(expected);
      assertThat(fit.slope()).isCloseTo(expected, within(0.05 * Math.signum(noise) + 1e-12));
      assertThat(fit.slopeLow()).isLessThanOrEqualTo(fit.slope());
      assertThat(fit.slopeHigh()).isGreaterThanOrEqualTo(fit.slope());
      assertThat(fit.prefactor()).isCloseTo(3, within(noise * 10 + 1e-9));
      assertThat(fit.fromX()).isEqualTo(64);
      assertThat(fit.toX()).isEqualTo(512);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, -0.5})
  void plantedOtherExponentsFail(double off) {
    assertThat(SlopeFits.of(FIGURE, planted(WIDE, 5, off, 0.02, 1)))
        .allSatisfy(fit -> assertThat(fit.verdict()).isEqualTo("fails"));
  }

  @Test
  void nearMissesAreUndecidedWhereNoiseHidesThem() {
    assertThat(SlopeFits.of(FIGURE, planted(WIDE, 5, 0.2, 0.05, 1)))
        .allSatisfy(fit -> assertThat(fit.verdict()).isEqualTo("undecided"));
  }

  @Test
  void wrongExponentsNeverHold() {
    int held = 0;
    for (int seed = 0; seed < 40; seed++) {
      for (double noise : new double[] {0.01, 0.1, 0.3}) {
        for (double off : new double[] {0.5, -0.5, 1}) {
          for (SlopeFit fit : SlopeFits.of(FIGURE, planted(WIDE, 3, off, noise, seed))) {
            held += fit.verdict().equals("holds") ? 1 : 0;
          }
        }
      }
    }
    assertThat(held).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void twoWidthsGiveASlopeButNoVerdict(int trials) {
    assertThat(SlopeFits.of(FIGURE, planted(List.of(64L, 128L), trials, 0, 0, 1)))
        .allSatisfy(
            fit -> {
              assertThat(fit.verdict()).isEqualTo("undecided");
              assertThat(fit.slope()).isCloseTo(fit.expectedSlope(), within(1e-12));
            });
  }

  @Test
  void oneTrialAtTwoWidthsHasNoError() {
    assertThat(SlopeFits.of(FIGURE, planted(List.of(64L, 128L), 1, 0, 0, 1)))
        .allSatisfy(
            fit -> {
              assertThat(fit.slopeStderr()).isNaN();
              assertThat(fit.slopeLow()).isEqualTo(Double.NEGATIVE_INFINITY);
              assertThat(fit.slopeHigh()).isEqualTo(Double.POSITIVE_INFINITY);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void fewerWidthsGiveNothing(int widths) {
    assertThat(SlopeFits.of(FIGURE, planted(WIDE.subList(0, widths), 4, 0, 0, 1)))
        .hasSize(8)
        .allSatisfy(
            fit -> {
              assertThat(fit.verdict()).isEqualTo("undecided");
              assertThat(fit.slope()).isNaN();
              assertThat(fit.expectedSlope()).isFinite();
            });
  }

  @Test
  void narrowNetworksAreFittedOnlyWhereWideOnesAreFew() {
    List<MemberResult> three = planted(List.of(8L, 16L, 64L, 128L, 256L), 3, 0, 0, 1);
    assertThat(SlopeFits.of(FIGURE, three)).allMatch(fit -> fit.fromX() == 64 && fit.toX() == 256);
    List<MemberResult> two = planted(List.of(8L, 16L, 64L, 128L), 3, 0, 0, 1);
    assertThat(SlopeFits.of(FIGURE, two)).allMatch(fit -> fit.fromX() == 8 && fit.toX() == 128);
  }

  @Test
  void divergedAndMissingMembersTakeTheirTrialOutAndNoMore() {
    List<MemberResult> results = planted(WIDE, 4, 0, 0.02, 3);
    List<SlopeFit> without =
        SlopeFits.of(FIGURE, results.stream().filter(r -> r.key().trial() != 2).toList());
    List<MemberResult> diverged =
        results.stream()
            .map(r -> r.key().trial() == 2 && r.key().x() == 128 ? diverged(r.key()) : r)
            .toList();
    assertThat(SlopeFits.of(FIGURE, diverged)).isEqualTo(without);
    List<MemberResult> missing =
        results.stream().filter(r -> r.key().trial() != 2 || r.key().x() < 512).toList();
    assertThat(SlopeFits.of(FIGURE, missing)).isEqualTo(without);
    assertThat(SlopeFits.of(FIGURE, results)).isNotEqualTo(without);
  }

  @Test
  void valuesWithoutALogarithmAreLeftOut() {
    List<MemberResult> results = new ArrayList<>(planted(WIDE, 3, 0, 0, 1));
    for (double bad : new double[] {0, -1, Double.POSITIVE_INFINITY, Double.NaN}) {
      SortedMap<String, Double> values = new TreeMap<>();
      PREDICTED.keySet().forEach(panel -> values.put(panel, bad));
      MemberKey key = new MemberKey("mup", 64, 9);
      results.add(new MemberResult(key, values, 0, 1, false, 1));
      // Trial 9 is nowhere else, so it would leave no common trials behind if it counted.
      assertThat(SlopeFits.of(FIGURE, results))
          .allSatisfy(fit -> assertThat(fit.verdict()).isEqualTo("holds"));
      results.remove(results.size() - 1);
    }
  }

  private static MemberResult diverged(MemberKey key) {
    return new MemberResult(key, new TreeMap<>(), Double.NaN, 10, true, 1);
  }

  /** Power laws with the predicted exponents plus an offset, and log-normal noise. */
  private static List<MemberResult> planted(
      List<Long> widths, int trials, double offset, double noise, long seed) {
    Random random = new Random(seed);
    List<MemberResult> results = new ArrayList<>();
    for (int series = 0; series < 2; series++) {
      for (long width : widths) {
        for (int trial = 0; trial < trials; trial++) {
          SortedMap<String, Double> values = new TreeMap<>();
          for (String panel : new TreeMap<>(PREDICTED).keySet()) {
            double slope = predicted(panel)[series] + offset;
            values.put(
                panel,
                3 * Math.pow((double) width, slope) * Math.exp(noise * random.nextGaussian()));
          }
          MemberKey key = new MemberKey(series == 0 ? "mup" : "ntp", width, trial);
          results.add(new MemberResult(key, values, 1e-3, 10, false, 1));
        }
      }
    }
    return results;
  }
}
