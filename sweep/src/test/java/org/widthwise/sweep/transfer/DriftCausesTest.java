package org.widthwise.sweep.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.widthwise.core.fit.Verdict;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.TrialState;

/** Explanations of drifts whose causes were made up. */
final class DriftCausesTest {

  private static final double CURVATURE = 0.05;
  private static final long STEPS = 100;

  /** What a series does with the width: exponents of one of its layers, and drifts. */
  private record Made(double update, double alignment, double weight, double half, double end) {

    List<StoredTrial> trials(String parametrization) {
      List<StoredTrial> trials = new ArrayList<>();
      for (int width : new int[] {64, 128, 256}) {
        double doublings = Math.log(width / 64.0) / Math.log(2);
        for (long seed = 0; seed < 3; seed++) {
          Random random = new Random(31L * width + seed);
          for (int x = -10; x <= -2; x++) {
            trials.add(trial(parametrization, width, doublings, seed, x, random));
          }
        }
      }
      return trials;
    }

    private StoredTrial trial(
        String parametrization, int width, double doublings, long seed, int x, Random random) {
      double rate = Math.pow(2, x);
      Map<String, NavigableMap<Long, Double>> metrics = new HashMap<>();
      NavigableMap<Long, Double> losses = new TreeMap<>();
      for (long step = 1; step <= STEPS; step++) {
        double drift = step <= STEPS / 2 ? half : end;
        losses.put(step, bowl(x + 6.3 - drift * doublings, random));
      }
      metrics.put(TrainingExecutor.TRAINING_LOSS, losses);
      put(metrics, TrainingExecutor.FINAL_TRAINING_LOSS, STEPS, losses.lastEntry().getValue());
      for (String layer : List.of("first", "second")) {
        boolean odd = layer.equals("second");
        // The rate enters as it does in Adam.
        put(
            metrics,
            TrainingExecutor.UPDATE + layer,
            1,
            3 * rate * Math.pow(width, odd ? update : 0));
        put(
            metrics,
            TrainingExecutor.UPDATE_ALIGNMENT + layer,
            8,
            0.4 * Math.pow(width / 64.0, odd ? alignment : 0));
        put(metrics, TrainingExecutor.WEIGHT + layer, 0, 2 * Math.pow(width, odd ? weight : 0));
      }
      TrialConfiguration configuration =
          new TrialConfiguration(
              width, parametrization, "adam", null, 0, rate, 1, 0, Double.NaN, Map.of(), Map.of());
      return new StoredTrial(
          parametrization + width + " " + x + " " + seed,
          configuration.json(),
          seed,
          1,
          TrialState.DONE,
          1,
          0,
          0,
          "",
          1,
          "",
          "",
          metrics);
    }

    private static double bowl(double off, Random random) {
      return Math.exp(CURVATURE * off * off + 0.001 * random.nextGaussian());
    }

    private static void put(
        Map<String, NavigableMap<Long, Double>> metrics, String name, long step, double value) {
      metrics.put(name, new TreeMap<>(Map.of(step, value)));
    }
  }

  private static DriftExplanation explain(Made made) {
    return new TransferAnalysis(TransferSettings.of(TrainingExecutor.FINAL_TRAINING_LOSS))
        .of(made.trials("sp"))
        .get(0)
        .explanation();
  }

  @Test
  void aLayerThatLearnsFasterAsItGrowsIsAnImbalance() {
    DriftExplanation found = explain(new Made(0.5, 0, 0, -0.4, -0.4));
    assertThat(found.cause()).isEqualTo("imbalance");
    assertThat(found.sentence()).contains("the first update of second goes as width^+0.50");
    LayerExponents second = found.layers().get(1);
    assertThat(second.parameter()).isEqualTo("second");
    assertThat(second.update()).isCloseTo(0.5, within(1e-9));
    assertThat(second.updateAtNarrowest()).isCloseTo(3 * Math.sqrt(64), within(1e-9));
    assertThat(found.layers().get(0).update()).isCloseTo(0, within(1e-9));
  }

  @Test
  void aLayerThatStartsSmallerAsItGrowsIsAnImbalance() {
    DriftExplanation found = explain(new Made(0, 0, -0.5, 0.4, 0.4));
    assertThat(found.cause()).isEqualTo("imbalance");
    assertThat(found.sentence()).contains("the first values of second go as width^-0.50");
  }

  @Test
  void updatesThatTurnAwayFromTheFeaturesAreAMisalignment() {
    DriftExplanation found = explain(new Made(0, -0.4, 0, 0.4, 0.4));
    assertThat(found.cause()).isEqualTo("misalignment");
    assertThat(found.sentence())
        .contains("the alignment of the updates of second goes as width^-0.40");
    assertThat(found.layers().get(1).alignment()).isCloseTo(-0.4, within(1e-9));
  }

  @Test
  void aDriftThatDiesOutWithTheStepsIsOneOfTooFew() {
    DriftExplanation found = explain(new Made(0, 0, 0, 0.6, 0.3));
    assertThat(found.cause()).isEqualTo("too few steps");
    assertThat(found.driftAtHalf()).isCloseTo(0.6, within(0.05));
    assertThat(found.sentence()).contains("dies out");
  }

  @Test
  void whatIsNoneOfTheseIsSaidToBeNone() {
    assertThat(explain(new Made(0, 0, 0, 0.4, 0.4)).cause()).isEqualTo("none of these");
    // A little off is within what narrow networks do anyway.
    assertThat(explain(new Made(0.1, 0.1, 0.1, 0.4, 0.4)).cause()).isEqualTo("none of these");
  }

  @Test
  void whereTransferHoldsNothingIsExplained() {
    DriftExplanation found = explain(new Made(0.5, 0, 0, 0, 0));
    assertThat(found.cause()).isEqualTo("none needed");
    assertThat(found.layers()).hasSize(2);
  }

  @Test
  void aDriftThatCannotBeToldFromNoneIsNotExplained() {
    List<StoredTrial> imbalanced = new Made(0.5, 0, 0, 0.4, 0.4).trials("sp");
    assertThat(cause(imbalanced, Verdict.UNDECIDED, -0.09)).isEqualTo("none needed");
    assertThat(cause(imbalanced, Verdict.UNDECIDED, -0.11)).isEqualTo("imbalance");
    assertThat(cause(imbalanced, Verdict.FAILS, -0.09)).isEqualTo("imbalance");
  }

  private static String cause(List<StoredTrial> trials, Verdict verdict, double drift) {
    DriftCauses.Drift uncertain = new DriftCauses.Drift(drift, 0.05);
    return DriftCauses.of(trials, verdict, uncertain, (some, metric) -> uncertain).cause();
  }

  @Test
  void trialsOfEarlierVersionsMeasuredNothing() {
    List<StoredTrial> bare =
        new Made(0, 0, 0, 0.4, 0.4)
            .trials("sp").stream()
                .map(
                    trial ->
                        trial.withMetrics(
                            Map.of(
                                TrainingExecutor.FINAL_TRAINING_LOSS,
                                Objects.requireNonNull(
                                    trial.metrics().get(TrainingExecutor.FINAL_TRAINING_LOSS)))))
                .toList();
    DriftExplanation found =
        new TransferAnalysis(TransferSettings.of(TrainingExecutor.FINAL_TRAINING_LOSS))
            .of(bare)
            .get(0)
            .explanation();
    assertThat(found.cause()).isEqualTo("unknown");
    assertThat(found.layers()).isEmpty();
    assertThat(found.driftAtHalf()).isNaN();
  }

  @Test
  void plansAreWeighedByTheLossWithTheNarrowOptimum() {
    List<StoredTrial> both = new ArrayList<>(new Made(0, 0, 0, 0.5, 0.5).trials("sp"));
    both.addAll(new Made(0, 0, 0, 0, 0).trials("spectral"));
    List<SeriesTransfer> found =
        new TransferAnalysis(TransferSettings.of(TrainingExecutor.FINAL_TRAINING_LOSS)).of(both);
    Weighing weighing = Weighing.of(found);
    assertThat(weighing.width()).isEqualTo(256);
    assertThat(weighing.plans())
        .extracting(Weighing.Plan::series)
        .containsExactly("spectral, adam", "sp, adam");
    // The same bowl, an octave from its minimum.
    assertThat(weighing.plans().get(1).carriedLoss()).isCloseTo(Math.exp(CURVATURE), within(0.02));
    assertThat(weighing.sentence()).contains("and the least drift");
    assertThat(Weighing.of(found.subList(0, 1)).plans()).isEmpty();
  }

  @Test
  void whereNothingNarrowerWasTriedNothingWasCarriedOver() {
    List<StoredTrial> both = new ArrayList<>(new Made(0, 0, 0, 0, 0).trials("sp"));
    new Made(0, 0, 0, 0, 0)
        .trials("spectral").stream()
            .filter(trial -> trial.configuration().contains("\"width\":256"))
            .forEach(both::add);
    Weighing weighing =
        Weighing.of(
            new TransferAnalysis(TransferSettings.of(TrainingExecutor.FINAL_TRAINING_LOSS))
                .of(both));
    assertThat(weighing.plans())
        .extracting(Weighing.Plan::series)
        .containsExactly("sp, adam", "spectral, adam");
    assertThat(weighing.plans().get(1).carriedLoss()).isNaN();
    assertThat(weighing.plans().get(1).loss()).isPositive();
  }
}
