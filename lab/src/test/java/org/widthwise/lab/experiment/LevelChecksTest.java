package org.widthwise.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;

final class LevelChecksTest {

  private static final List<Long> WIDTHS = List.of(8L, 16L, 32L);

  /** Values around 5 with the given scatter, three widths, so many trials. */
  private static List<MemberResult> planted(double scatter, int trials) {
    Random random = new Random(3);
    List<MemberResult> results = new ArrayList<>();
    for (long width : WIDTHS) {
      for (int trial = 0; trial < trials; trial++) {
        double value = 5 + scatter * random.nextGaussian();
        results.add(result(width, trial, Map.of("v", value)));
      }
    }
    return results;
  }

  private static MemberResult result(long x, int trial, Map<String, Double> values) {
    return new MemberResult(
        new MemberKey("g", x, trial), new TreeMap<>(values), Double.NaN, 0, false, 1);
  }

  private static LevelCheck check(Prediction prediction, List<MemberResult> results) {
    PaperItem item = item(Curve.of("c", "c", prediction, "g", "v"));
    assertThat(SlopeFits.of(item, results)).isEmpty();
    List<LevelCheck> checks = LevelChecks.of(item, results);
    assertThat(checks).hasSize(1);
    return checks.get(0);
  }

  private static PaperItem item(Curve curve) {
    return new PaperItem() {
      @Override
      public String id() {
        return "level";
      }

      @Override
      public List<String> aliases() {
        return List.of();
      }

      @Override
      public int place() {
        return 0;
      }

      @Override
      public String title() {
        return "Level";
      }

      @Override
      public String claim() {
        return "It stays.";
      }

      @Override
      public List<String> equations() {
        return List.of();
      }

      @Override
      public Study study() {
        return new Nothing();
      }

      @Override
      public List<PanelSpec> panels() {
        return List.of(PanelSpec.logLog("p", "", "q", "section 1", Abscissa.WIDTH, List.of(curve)));
      }
    };
  }

  private static final class Nothing implements Study {
    @Override
    public String id() {
      return "nothing";
    }

    @Override
    public Settings settings(Preset preset) {
      return Settings.measuring(WIDTHS, 1);
    }

    @Override
    public Map<String, Object> constants() {
      return Map.of();
    }

    @Override
    public List<Member> members(Settings settings, ImageDataset data) {
      return List.of();
    }
  }

  @Test
  void whatLiesWithinHoldsWithItsIntervalInside() {
    LevelCheck check = check(Prediction.within(4, 6), planted(0.1, 6));
    assertThat(check.verdict()).isEqualTo("holds");
    assertThat(check.mean()).isCloseTo(5, within(0.2));
    assertThat(check.low()).isLessThan(check.mean()).isGreaterThan(4);
    assertThat(check.high()).isGreaterThan(check.mean()).isLessThan(6);
    assertThat(check.trials()).isEqualTo(6);
    // Student's t for five degrees of freedom at 95 %.
    assertThat((check.high() - check.mean()) / check.stderr()).isCloseTo(2.5706, within(1e-3));
  }

  @Test
  void whatLiesOutsideFails() {
    assertThat(check(Prediction.atMost(4.5), planted(0.1, 6)).verdict()).isEqualTo("fails");
    assertThat(check(Prediction.atLeast(5.5), planted(0.1, 6)).verdict()).isEqualTo("fails");
  }

  @Test
  void noiseAndTooFewTrialsNeverHold() {
    assertThat(check(Prediction.within(4, 6), planted(10, 6)).verdict()).isEqualTo("undecided");
    assertThat(check(Prediction.within(4, 6), planted(0, 1)).verdict()).isEqualTo("undecided");
    assertThat(check(Prediction.atMost(6), planted(0, 1)).verdict()).isEqualTo("undecided");
    assertThat(check(Prediction.atMost(6), List.of()).verdict()).isEqualTo("undecided");
  }

  @Test
  void oneBadAbscissaIsEnoughAndIsTold() {
    List<MemberResult> results = new ArrayList<>(planted(0.01, 4));
    for (int trial = 0; trial < 4; trial++) {
      results.add(result(64, trial, Map.of("v", 9 + 0.01 * trial)));
    }
    LevelCheck check = check(Prediction.within(4, 6), results);
    assertThat(check.verdict()).isEqualTo("fails");
    assertThat(check.atX()).isEqualTo(64);
  }

  @Test
  void aMissingValueLeavesTheClaimUndecided() {
    List<MemberResult> results = new ArrayList<>(planted(0.01, 4));
    results.add(result(8, 4, Map.of()));
    assertThat(check(Prediction.within(4, 6), results).verdict()).isEqualTo("undecided");
  }

  @Test
  void severalPointsOfAMemberAreReadByTheirAbscissa() {
    MemberResult result =
        result(
            300,
            1,
            Map.of(
                Curve.at("v", 4), 0.5, Curve.at("v", 16), 0.25, "v", 7.0, Curve.at("vv", 2), 8.0));
    Curve curve = Curve.along("c", "c", Prediction.none(), "g", "v");
    assertThat(curve.values(List.of(result)))
        .isEqualTo(
            new TreeMap<>(
                Map.of(4L, new TreeMap<>(Map.of(1, 0.5)), 16L, new TreeMap<>(Map.of(1, 0.25)))));
  }
}
