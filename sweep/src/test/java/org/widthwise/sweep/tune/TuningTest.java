package org.widthwise.sweep.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.StoredTrial;

/** Tunings of made-up losses whose best rates are known. */
final class TuningTest {

  private static final double CURVATURE = 0.05;
  private static final int TARGET = 1024;
  private static final double BEST = -1.3;
  private static final List<PrefactorAxis> NONE = List.of();
  private static final List<PrefactorAxis> INPUT_RATE = List.of(PrefactorAxis.parse("input.rate"));

  private static TrialConfiguration plan(double weightDecay) {
    return plan("spectral", weightDecay);
  }

  private static TrialConfiguration plan(String parametrization, double weightDecay) {
    return new TrialConfiguration(
        32, parametrization, "adam", null, 0, 1, 1, weightDecay, Double.NaN, Map.of(), Map.of());
  }

  private static TuneSettings settings(List<PrefactorAxis> axes, int seeds) {
    return settings(plan(0), axes, seeds);
  }

  private static TuneSettings settings(
      TrialConfiguration plan, List<PrefactorAxis> axes, int seeds) {
    return new TuneSettings(
        plan,
        List.of(0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0),
        List.of(0L, 1L, 2L, 3L, 4L, 5L).subList(0, seeds),
        List.of(32, 64, 128),
        256,
        TARGET,
        90,
        axes,
        27,
        TrainingExecutor.FINAL_TRAINING_LOSS);
  }

  private static double doublings(TrialConfiguration trial) {
    return Surface.log2(trial.width() / 32.0);
  }

  /** Each doubling of the width helps a little less than the one before did. */
  private static double least(TrialConfiguration trial) {
    return -0.1 * (1 - Math.pow(0.95, doublings(trial))) / 0.05;
  }

  private static Surface surface(
      double curvature, double noise, long seed, ToDoubleFunction<TrialConfiguration> best) {
    return new Surface(curvature, noise, seed, best, TuningTest::least);
  }

  private static TuneResult tune(Surface surface, TuneSettings settings)
      throws InterruptedException {
    return tune(surface, settings, 1);
  }

  private static TuneResult tune(Surface surface, TuneSettings settings, double passes)
      throws InterruptedException {
    return new Tuning(settings, surface, trial -> 10.0 * trial.width(), 0, passes).run();
  }

  private static TuneSettings by(String metric, TuneSettings some) {
    return new TuneSettings(
        some.plan(),
        some.rates(),
        some.seeds(),
        some.widths(),
        some.check(),
        some.target(),
        some.steps(),
        some.axes(),
        some.candidates(),
        metric);
  }

  @Test
  void withoutDriftTheNarrowOptimumIsUsed() throws InterruptedException {
    TuneResult result = tune(surface(CURVATURE, 0.002, 1, trial -> BEST), settings(NONE, 3));
    assertThat(result.verdict()).as("%s", result).isEqualTo("narrow");
    assertThat(Surface.log2(result.learningRate())).isCloseTo(BEST, within(0.1));
    assertThat(result.lower()).isLessThan(Math.pow(2, BEST));
    assertThat(result.upper()).isGreaterThan(Math.pow(2, BEST));
    assertThat(result.check().holds()).isTrue();
    assertThat(result.check().width()).isEqualTo(256);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.search()).isEmpty();
    double truth = Math.exp(least(plan(0).at(TARGET, 1)));
    assertThat(result.predictedLoss().loss()).isCloseTo(truth, within(0.05 * truth));
    assertThat(result.predictedLoss().lower()).isLessThan(truth);
    assertThat(result.predictedLoss().upper()).isGreaterThan(truth);
  }

  /**
   * A plan that keeps to the condition has a limit, which its best rate approaches as n^−1/2; that
   * of another goes on.
   */
  private static double moved(String parametrization, double first, int width) {
    return parametrization.equals("spectral")
        ? first
            * (1 / Math.sqrt(32) - 1 / Math.sqrt(width))
            / (1 / Math.sqrt(32) - 1 / Math.sqrt(64))
        : first * Surface.log2(width / 32.0);
  }

  /** 12 draws of noise at a coverage of 95 % leave 0.6 ± 0.8 outside. */
  @ParameterizedTest
  @CsvSource({"sp, 0.3, 0.6", "sp, -0.3, 0.6", "spectral, 0.3, 0.2", "spectral, -0.3, 0.2"})
  void aDriftIsFollowedAndTheIntervalCoversTheTruth(
      String parametrization, double first, double error) throws InterruptedException {
    double truth = BEST + moved(parametrization, first, TARGET);
    int covered = 0;
    int told = 0;
    for (int seed = 0; seed < 12; seed++) {
      TuneResult result =
          tune(
              surface(
                  CURVATURE,
                  0.003,
                  seed,
                  trial -> BEST + moved(parametrization, first, trial.width())),
              settings(plan(parametrization, 0), NONE, 5));
      assertThat(result.drift()).isCloseTo(first, within(0.2));
      boolean covers =
          Surface.log2(result.lower()) <= truth && truth <= Surface.log2(result.upper());
      covered += covers ? 1 : 0;
      told += result.verdict().equals("extrapolated") ? 1 : 0;
      if (result.verdict().equals("extrapolated")) {
        assertThat(Surface.log2(result.learningRate())).isCloseTo(truth, within(error));
      }
    }
    assertThat(covered).isGreaterThanOrEqualTo(10);
    assertThat(told).isGreaterThanOrEqualTo(9);
  }

  /** A limit is followed, but whether it is one four widths do not tell. */
  @Test
  void theIntervalReachesToAPowerLaw() throws InterruptedException {
    double truth = BEST + 0.15 * Surface.log2(TARGET / 32.0);
    int covered = 0;
    for (int seed = 0; seed < 12; seed++) {
      TuneResult result =
          tune(
              surface(CURVATURE, 0.003, seed, trial -> BEST + 0.15 * doublings(trial)),
              settings(NONE, 5));
      assertThat(Surface.log2(result.learningRate())).isLessThan(truth - 0.1);
      covered += Surface.log2(result.upper()) >= truth ? 1 : 0;
    }
    assertThat(covered).isGreaterThanOrEqualTo(10);
  }

  /** Three widths with two seeds alone are off by 0.21 octaves. */
  @Test
  void theCheckHelpsToFollowTheDrift() throws InterruptedException {
    double truth = BEST + moved("spectral", 0.3, TARGET);
    double squares = 0;
    int tunings = 40;
    for (int seed = 0; seed < tunings; seed++) {
      TuneResult result =
          tune(
              surface(
                  CURVATURE, 0.012, seed, trial -> BEST + moved("spectral", 0.3, trial.width())),
              settings(NONE, 2));
      squares += Math.pow(Surface.log2(result.learningRate()) - truth, 2);
    }
    assertThat(Math.sqrt(squares / tunings)).isLessThan(0.17);
  }

  @Test
  void whatToLookAtFollowsTheDrift() throws InterruptedException {
    TuneResult rising =
        tune(
            surface(CURVATURE, 0.001, 1, trial -> BEST + 0.4 * doublings(trial)),
            settings(NONE, 3));
    assertThat(rising.advice()).anySatisfy(a -> assertThat(a).startsWith("too few steps"));
    assertThat(rising.advice()).noneSatisfy(a -> assertThat(a).startsWith("warm-up"));
    TuneSettings some = settings(NONE, 3);
    TuneSettings decayed =
        new TuneSettings(
            plan(0.1),
            some.rates(),
            some.seeds(),
            some.widths(),
            some.check(),
            some.target(),
            some.steps(),
            NONE,
            1,
            some.metric());
    TuneResult falling =
        tune(surface(CURVATURE, 0.001, 1, trial -> BEST - 0.4 * doublings(trial)), decayed);
    assertThat(falling.advice()).anySatisfy(a -> assertThat(a).startsWith("warm-up"));
    assertThat(falling.advice()).anySatisfy(a -> assertThat(a).startsWith("decay"));
    assertThat(falling.advice()).noneSatisfy(a -> assertThat(a).startsWith("too few steps"));
  }

  @Test
  void whatIsTakenForTheLossIsAsked() throws InterruptedException {
    TuneSettings heldOut = by(TrainingExecutor.HELD_OUT_LOSS, settings(INPUT_RATE, 3));
    Surface surface = surface(CURVATURE, 0.002, 1, trial -> BEST + 0.4 * doublings(trial));
    TuneResult result = tune(surface.as(TrainingExecutor.HELD_OUT_LOSS), heldOut, 2);
    TuneResult same =
        tune(
            surface(CURVATURE, 0.002, 1, trial -> BEST + 0.4 * doublings(trial)),
            settings(INPUT_RATE, 3),
            1);
    assertThat(result).isEqualTo(same);
    assertThatThrownBy(() -> tune(surface.as("seconds"), heldOut))
        .hasMessageContaining("diverged or failed");
  }

  @Test
  void trainingLossesOfRepeatedExamplesAreTold() throws InterruptedException {
    String words = "repeated examples: each is seen 1.9 times";
    ToDoubleFunction<TrialConfiguration> rising = trial -> BEST + 0.4 * doublings(trial);
    Surface drifting = surface(CURVATURE, 0.001, 1, rising);
    assertThat(tune(drifting, settings(NONE, 3), 1.92).advice().get(0)).startsWith(words);
    assertThat(tune(drifting, settings(NONE, 3), 1).advice())
        .noneSatisfy(advice -> assertThat(advice).startsWith("repeated"));
    // Held-out examples are never seen in training.
    Surface heldOut = drifting.as(TrainingExecutor.HELD_OUT_LOSS);
    assertThat(tune(heldOut, by(TrainingExecutor.HELD_OUT_LOSS, settings(NONE, 3)), 1.92).advice())
        .isNotEmpty()
        .noneSatisfy(advice -> assertThat(advice).startsWith("repeated"));
  }

  @Test
  void aFlatOptimumCannotBeTold() throws InterruptedException {
    TuneResult result = tune(surface(0.0005, 0.0001, 1, trial -> BEST), settings(NONE, 3));
    assertThat(result.verdict()).isEqualTo("cannot-tell");
    assertThat(result.reasons().get(0)).contains("the loss at width 32 is flat");
    assertThat(result.advice().get(0)).startsWith("steps and seeds");
  }

  @Test
  void noiseAsLargeAsTheBowlCannotBeTold() throws InterruptedException {
    TuneResult result = tune(surface(0.01, 0.1, 3, trial -> BEST), settings(NONE, 3));
    assertThat(result.verdict()).as("%s", result).isEqualTo("cannot-tell");
    assertThat(result.reasons()).isNotEmpty();
    assertThat(result.advice()).isNotEmpty();
  }

  @Test
  void anOptimumBeyondWhatIsTriedCannotBeTold() throws InterruptedException {
    // The rates reach to 2^2, and are followed for three octaves more.
    TuneResult result = tune(surface(CURVATURE, 0.001, 1, trial -> 7), settings(NONE, 3));
    assertThat(result.verdict()).isEqualTo("cannot-tell");
    assertThat(result.reasons())
        .anySatisfy(r -> assertThat(r).contains("width 32", "at the edge of what was tried"));
    assertThat(result.advice().get(0)).startsWith("rates: widen --lr");
    // A little beyond is followed.
    assertThat(tune(surface(CURVATURE, 0.001, 1, trial -> 3), settings(NONE, 3)).verdict())
        .isEqualTo("narrow");
  }

  @Test
  void aPredictionThatTheCheckRefutesCannotBeTold() throws InterruptedException {
    TuneResult result =
        tune(
            surface(CURVATURE, 0.001, 1, trial -> trial.width() > 200 ? BEST + 0.8 : BEST),
            settings(NONE, 3));
    assertThat(result.verdict()).isEqualTo("cannot-tell");
    assertThat(result.check().octaves()).isCloseTo(0.8, within(0.15));
    assertThat(result.check().holds()).isFalse();
    assertThat(result.reasons()).hasSize(1);
    assertThat(result.reasons().get(0)).contains("at width 256 the best rate is");
    assertThat(result.advice().get(0)).startsWith("widths too small");
  }

  private static double octavesOff(TrialConfiguration trial, double init) {
    return Surface.log2(trial.inits().getOrDefault("readout", 1.0)) - init;
  }

  @Test
  void thePrefactorIsFoundAndCarriedOver() throws InterruptedException {
    // The readout had better start 8 times as large, which moves the best rate as well.
    Surface surface =
        new Surface(
            CURVATURE,
            0.001,
            1,
            trial -> BEST + 0.2 * octavesOff(trial, 3),
            trial -> least(trial) + 0.05 * Math.pow(octavesOff(trial, 3), 2));
    List<PrefactorAxis> axes =
        List.of(PrefactorAxis.parse("readout.init"), PrefactorAxis.parse("input.rate"));
    TuneResult result = tune(surface, settings(axes, 3));
    assertThat(result.inits().get("readout")).isIn(4.0, 8.0, 16.0);
    assertThat(result.series()).hasSize(1);
    // The narrow widths and that of the check.
    assertThat(result.series().get(0).widths()).hasSize(4);
    assertThat(result.search()).hasSize(2);
    assertThat(result.search().get(0).steps()).isEqualTo(90);
    assertThat(result.search().get(0).widths()).containsExactly(16, 32, 64);
    assertThat(result.search().get(0).candidates()).isBetween(8, 27);
    assertThat(result.search().get(1).widths()).containsExactly(32, 64, 128);
    // The plan as it is comes along.
    assertThat(result.search().get(1).candidates()).isBetween(2, 6);
  }

  @Test
  void thePlanIsChosenThatPromisesMoreAtTheTarget() throws InterruptedException {
    // Worse at 32, 64 and 128, as a greater readout's noise makes it, but it gains more by width.
    Surface surface =
        new Surface(
            CURVATURE,
            0.0005,
            1,
            trial -> BEST,
            trial ->
                octavesOff(trial, 0) == 2
                    ? 0.12 - 0.08 * doublings(trial)
                    : -0.02 * doublings(trial) + 0.3 * Math.abs(octavesOff(trial, 0)));
    TuneResult result = tune(surface, settings(List.of(PrefactorAxis.parse("readout.init")), 3));
    assertThat(result.inits()).containsExactly(Map.entry("readout", 4.0));
    SearchRung last = result.search().get(1);
    SearchRung.Entry plain =
        last.best().stream().filter(e -> e.inits().isEmpty()).findFirst().orElseThrow();
    assertThat(last.best().get(0).inits()).containsEntry("readout", 4.0);
    assertThat(last.best().get(0).loss()).isGreaterThan(plain.loss());
    assertThat(last.best().get(0).predictedLoss()).isLessThan(plain.predictedLoss());
  }

  @Test
  void aPlanThatDoesNotTransferGivesWayToOneThatDoes() throws InterruptedException {
    // A greater readout is a little better at each width, but its best rate runs away.
    Surface surface =
        new Surface(
            CURVATURE,
            0.0005,
            1,
            trial -> trial.inits().isEmpty() ? BEST : BEST + 2 * (doublings(trial) - 1),
            trial -> least(trial) - (trial.inits().isEmpty() ? 0 : 0.16));
    TuneResult result = tune(surface, settings(List.of(PrefactorAxis.parse("readout.init")), 3));
    assertThat(result.inits()).isEmpty();
    assertThat(result.verdict()).isEqualTo("narrow");
  }

  @Test
  void theSameTuningTrainsNothingAndSaysTheSame() throws InterruptedException {
    Surface surface = surface(CURVATURE, 0.003, 5, trial -> BEST + 0.1 * doublings(trial));
    TuneSettings settings = settings(List.of(PrefactorAxis.parse("input.init")), 3);
    TuneResult first = tune(surface, settings);
    int trained = surface.trained();
    assertThat(tune(surface, settings)).isEqualTo(first);
    assertThat(surface.trained()).isEqualTo(trained);
    assertThat(first.cost().trials()).isEqualTo(trained);
  }

  @Test
  void aTuningThatIsEndedAgainAndAgainComesToTheSame() throws InterruptedException {
    TuneSettings settings = settings(List.of(PrefactorAxis.parse("readout.rate")), 2);
    ToDoubleFunction<TrialConfiguration> best = trial -> BEST + 0.2 * doublings(trial);
    TuneResult whole = tune(surface(CURVATURE, 0.003, 8, best), settings);
    Surface kept = surface(CURVATURE, 0.003, 8, best);
    TuneResult result = null;
    int ends = 0;
    while (result == null) {
      int before = kept.trained();
      Trainer ended =
          (stage, trials, seeds) -> {
            List<StoredTrial> over = kept.train(stage, trials, seeds);
            if (kept.trained() > before + 20) {
              throw new InterruptedException();
            }
            return over;
          };
      try {
        result = new Tuning(settings, ended, trial -> 10.0 * trial.width(), 0, 1).run();
      } catch (InterruptedException expected) {
        ends++;
      }
    }
    assertThat(ends).isGreaterThan(2);
    assertThat(result).isEqualTo(whole);
  }

  @Test
  void theCostIsThatOfWhatWasTrained() throws InterruptedException {
    Surface surface = surface(CURVATURE, 0.001, 1, trial -> BEST);
    TuneResult result = tune(surface, settings(NONE, 3));
    double flops = 0;
    for (List<StoredTrial> stage : surface.stages().values()) {
      for (StoredTrial trial : stage) {
        flops += 90 * 10.0 * TrialConfiguration.of(trial.configuration()).width();
      }
    }
    assertThat(result.cost().flops()).isEqualTo(flops);
    assertThat(result.cost().targetTrial()).isEqualTo(90 * 10.0 * TARGET);
    // Seven rates with three seeds.
    assertThat(result.cost().targetTrials()).isEqualTo(21);
    assertThat(result.cost().share()).isCloseTo(flops / (21 * 90 * 10.0 * TARGET), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "32,64 | 256 | 1024 | at least 3 narrow widths",
        "32,64,512 | 600 | 1024 | at most a quarter of the target 1024, but 512 is more",
        "32,64,128 | 128 | 1024 | between the widest narrow one and the target",
        "32,64,128 | 1024 | 1024 | between the widest narrow one and the target",
      })
  void widthsThatTellNothingAreRefused(String widths, int check, int target, String message) {
    List<Integer> numbers = List.of(widths.split(",")).stream().map(Integer::valueOf).toList();
    assertThatThrownBy(
            () ->
                new TuneSettings(
                    plan(0),
                    List.of(1.0, 2.0),
                    List.of(0L),
                    numbers,
                    check,
                    target,
                    9,
                    NONE,
                    1,
                    TrainingExecutor.FINAL_TRAINING_LOSS))
        .hasMessageContaining(message);
  }
}
