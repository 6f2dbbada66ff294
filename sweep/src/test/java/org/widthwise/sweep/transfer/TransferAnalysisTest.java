package org.widthwise.sweep.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.TrialState;

/** Loss curves whose best rates are known, since they were made up. */
final class TransferAnalysisTest {

  private static final String METRIC = "loss";
  private static final double CURVATURE = 0.05;

  /** log₂ of the best rate at width 64. */
  private static final double BEST = -6.3;

  private record Bowl(double drift, double noise, double divergesAbove, double step) {

    Bowl(double drift) {
      this(drift, 0, Double.POSITIVE_INFINITY, 1);
    }

    double best(int width) {
      return BEST + drift * Math.log(width / 64.0) / Math.log(2);
    }

    /** Wider is better by a tenth for each doubling. */
    double least(int width) {
      return Math.pow(0.9, Math.log(width / 64.0) / Math.log(2));
    }

    List<StoredTrial> trials(int seeds, Random random, int... widths) {
      List<StoredTrial> trials = new ArrayList<>();
      for (int width : widths) {
        for (int seed = 0; seed < seeds; seed++) {
          for (double x = -10; x <= -2; x += step) {
            double t = x - best(width);
            double loss =
                least(width) * Math.exp(CURVATURE * t * t + noise * random.nextGaussian());
            trials.add(trial(width, x, seed, x > divergesAbove ? Double.NaN : loss));
          }
        }
      }
      return trials;
    }
  }

  private static StoredTrial trial(int width, double x, int seed, double loss) {
    TrialConfiguration configuration =
        new TrialConfiguration(
            width, "sp", "adam", null, 0, Math.pow(2, x), 1, 0, Double.NaN, Map.of(), Map.of());
    boolean diverged = Double.isNaN(loss);
    return new StoredTrial(
        width + " " + x + " " + seed,
        configuration.json(),
        seed,
        width,
        diverged ? TrialState.DIVERGED : TrialState.DONE,
        1,
        0,
        0,
        "",
        1,
        "",
        "",
        diverged ? Map.of() : Map.of(METRIC, new TreeMap<>(Map.of(1L, 9.0, 2L, loss))));
  }

  private static SeriesTransfer only(List<StoredTrial> trials, TransferSettings settings) {
    List<SeriesTransfer> found = new TransferAnalysis(settings).of(trials);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static SeriesTransfer only(List<StoredTrial> trials) {
    return only(trials, TransferSettings.of(METRIC));
  }

  /** Without noise a parabola is found as it is, and so is all that follows from it. */
  @ParameterizedTest
  @CsvSource({"0", "-0.5", "0.47", "-1"})
  void whatIsKnownIsFound(double drift) {
    Bowl bowl = new Bowl(drift);
    SeriesTransfer found = only(bowl.trials(2, new Random(1), 64, 128, 256));
    assertThat(found.series()).isEqualTo("sp, adam");
    assertThat(found.drift()).isCloseTo(drift, within(1e-9));
    assertThat(found.successiveDrifts()).hasSize(2);
    assertThat(found.successiveDrifts().get(1)).isCloseTo(drift, within(1e-9));
    for (WidthOptimum width : found.widths()) {
      assertThat(width.bracketed()).isTrue();
      assertThat(width.learningRate())
          .isCloseTo(Math.pow(2, bowl.best(width.width())), within(1e-9));
      assertThat(width.loss()).isCloseTo(bowl.least(width.width()), within(1e-9));
      assertThat(width.curvature()).isCloseTo(CURVATURE, within(1e-9));
      double off = bowl.best(width.width()) - BEST;
      // Beyond the fit the curve is followed from point to point, never below the parabola.
      double exact = Math.expm1(CURVATURE * off * off);
      assertThat(width.narrowCost()).isBetween(exact - 1e-9, exact + CURVATURE);
    }
    assertThat(found.fixedRate()).isEqualTo(Math.pow(2, -6));
    assertThat(found.runsSaved()).isEqualTo(2 * 2 * 9);
    assertThat(found.workSaved()).isCloseTo((128.0 + 256) / (64 + 128 + 256), within(1e-12));
  }

  @Test
  void noiseIsCoveredByTheInterval() {
    Bowl bowl = new Bowl(-0.2, 0.01, Double.POSITIVE_INFINITY, 0.5);
    int inside = 0;
    int simulations = 60;
    double sum = 0;
    double squares = 0;
    double errors = 0;
    for (int i = 0; i < simulations; i++) {
      SeriesTransfer found =
          only(
              bowl.trials(6, new Random(i), 64, 128, 256),
              new TransferSettings(METRIC, 0.1, 0, 200, 0));
      WidthOptimum narrow = found.widths().get(0);
      double truth = Math.pow(2, BEST);
      inside += narrow.lower() <= truth && truth <= narrow.upper() ? 1 : 0;
      sum += found.drift();
      squares += (found.drift() + 0.2) * (found.drift() + 0.2);
      errors += found.driftStandardError();
    }
    double spread = Math.sqrt(squares / simulations);
    // Bootstrap intervals of six seeds are somewhat short of 95 %; 60 draws at 0.9 give 54 ± 2.3.
    assertThat(inside).isBetween(47, 60);
    assertThat(sum / simulations).isCloseTo(-0.2, within(4 * spread / Math.sqrt(simulations)));
    // The greater of two estimates is on the large side.
    assertThat(errors / simulations).isBetween(0.8 * spread, 2 * spread);
  }

  @ParameterizedTest
  @CsvSource({"0, holds", "0.05, holds", "-0.5, fails", "0.1, undecided"})
  void theVerdictFollowsTheDrift(double drift, String verdict) {
    Bowl bowl = new Bowl(drift, 0.002, Double.POSITIVE_INFINITY, 1);
    SeriesTransfer found = only(bowl.trials(4, new Random(5), 64, 128, 256, 512));
    assertThat(found.driftStandardError()).isBetween(0.001, 0.05);
    assertThat(found.verdict()).isEqualTo(verdict);
  }

  @Test
  void oneSeedHasTheNextRatesForAnIntervalAndTwoWidthsNoVerdict() {
    SeriesTransfer found = only(new Bowl(0).trials(1, new Random(1), 64, 128));
    assertThat(found.widths().get(0).lower()).isEqualTo(Math.pow(2, -7));
    assertThat(found.widths().get(0).upper()).isEqualTo(Math.pow(2, -6));
    assertThat(found.driftStandardError()).isNaN();
    assertThat(found.verdict()).isEqualTo("undecided");
  }

  @Test
  void ratesThatDivergeBoundTheBestOneAndCostEverything() {
    // At width 256 the best rate would be 2^-4.3, but everything above 2^-6 diverges.
    Bowl bowl = new Bowl(1, 0, -5.5, 1);
    List<StoredTrial> trials = new ArrayList<>(bowl.trials(2, new Random(1), 256));
    trials.addAll(new Bowl(0.0).trials(2, new Random(1), 64));
    SeriesTransfer found = only(trials);
    WidthOptimum wide = found.widths().get(1);
    assertThat(wide.bracketed()).isTrue();
    assertThat(wide.diverged()).isEqualTo(2 * 4);
    assertThat(wide.learningRate()).isBetween(Math.pow(2, -6), Math.pow(2, -5));
    List<StoredTrial> reversed =
        new ArrayList<>(new Bowl(0, 0, -7.5, 1).trials(2, new Random(1), 256));
    reversed.addAll(new Bowl(0).trials(2, new Random(1), 64));
    SeriesTransfer dear = only(reversed);
    assertThat(dear.widths().get(1).narrowCost()).isInfinite();
    assertThat(dear.recommendation().sentence()).endsWith("everything: it diverges");
    assertThat(dear.widerIsBetter()).isFalse();
  }

  @Test
  void aBestRateAtTheEdgeIsSaidAndNotFitted() {
    SeriesTransfer found = only(new Bowl(5).trials(2, new Random(1), 64, 128, 256));
    assertThat(found.widths().get(2).bracketed()).isFalse();
    assertThat(found.widths().get(2).learningRate()).isEqualTo(0.25);
    assertThat(found.drift()).as("of the only width that brackets it").isNaN();
  }

  @ParameterizedTest
  @CsvSource({"0", "-0.5"})
  void theRecommendationIsOfTheTarget(double drift) {
    Bowl bowl = new Bowl(drift);
    List<StoredTrial> trials = bowl.trials(3, new Random(1), 64, 128, 256);
    Recommendation tried = only(trials).recommendation();
    assertThat(tried.width()).isEqualTo(256);
    assertThat(tried.predicted()).isFalse();
    assertThat(tried.learningRate()).isCloseTo(Math.pow(2, BEST), within(1e-9));
    assertThat(tried.foundAt()).containsExactly(64);
    assertThat(tried.cost()).isCloseTo(Math.expm1(CURVATURE * 4 * drift * drift), within(1e-9));
    Recommendation beyond =
        only(trials, TransferSettings.of(METRIC).withTarget(4096)).recommendation();
    assertThat(beyond.predicted()).isTrue();
    assertThat(beyond.foundAt()).containsExactly(64, 128, 256);
    assertThat(Math.log(beyond.learningRate()) / Math.log(2))
        .isCloseTo(BEST + 6 * drift, within(1e-6));
    assertThat(beyond.cost()).isBetween(0.0, 1e-6);
    assertThat(beyond.sentence())
        .matches(
            "use learning rate \\S+ \\(\\S+ … \\S+\\) at width 4096; found at widths 64 to 256;"
                + " predicted cost of not tuning there < \\S+ %");
  }

  @Test
  void widerIsBetterOrNot() {
    assertThat(only(new Bowl(0).trials(2, new Random(1), 64, 128)).widerIsBetter()).isTrue();
    assertThat(only(new Bowl(-1.5).trials(2, new Random(1), 64, 256)).widerIsBetter()).isFalse();
  }

  @Test
  void withoutResultsThereIsNothingToSay() {
    List<StoredTrial> diverged = List.of(trial(64, -3, 0, Double.NaN));
    assertThatThrownBy(() -> only(diverged)).hasMessageContaining("is over yet, or all diverged");
    assertThatThrownBy(() -> TransferSettings.of(METRIC).withTolerance(0))
        .hasMessageContaining("must be above 0, not 0.0");
  }

  @Test
  void aParabolaThroughMorePointsIsTheLeastSquaresOne() {
    double[] x = {-3, -1, 0, 1, 3};
    double[] y = {9, 1.1, 0.2, 0.9, 8};
    Minimum minimum = Minimum.of(x, y).orElseThrow();
    // Only the three within 1.5 octaves count: through them y = 0.2 − 0.1 x + 0.8 x².
    assertThat(minimum.curvature()).isCloseTo(0.8, within(1e-12));
    assertThat(minimum.log2Rate()).isCloseTo(0.1 / 1.6, within(1e-12));
    double[] halves = {-1.5, -1, -0.5, 0, 0.5, 1, 1.5};
    double[] bent = {2.3, 1, 0.3, 0, 0.2, 1.1, 2.2};
    Minimum seven = Minimum.of(halves, bent).orElseThrow();
    // By hand: Σx² = 7, Σx⁴ = 12.25, Σy = 7.1, Σx²y = 12.35, Σxy = −0.1.
    double a = (12.35 - 7.1) / (12.25 - 7);
    assertThat(seven.curvature()).isCloseTo(a, within(1e-12));
    assertThat(seven.log2Rate()).isCloseTo(0.1 / 7 / (2 * a), within(1e-12));
  }
}
