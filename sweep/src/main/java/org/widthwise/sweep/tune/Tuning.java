package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.TrainingExecutor;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.transfer.Minimum;
import org.widthwise.sweep.transfer.RateCurve;
import org.widthwise.sweep.transfer.Recommendation;
import org.widthwise.sweep.transfer.SeriesTransfer;
import org.widthwise.sweep.transfer.TransferAnalysis;
import org.widthwise.sweep.transfer.TransferSettings;
import org.widthwise.sweep.transfer.WidthOptimum;

/**
 * Tunes at narrow widths for a wide one. Everything it asks for follows from what was trained
 * before, so that a tuning that was ended goes on where it was.
 */
public final class Tuning {

  /** In octaves for each doubling: a drift within it is none, even if it can be told from none. */
  private static final double TOLERANCE = 0.02;

  /** A prediction holds within a factor √2. */
  private static final double HALF_OCTAVE = 0.5;

  private final TuneSettings settings;
  private final CostLedger trainer;
  private final TuneVerdict.Circumstances circumstances;

  /**
   * A tuning.
   *
   * @param settings what is to be tuned
   * @param trainer trains
   * @param flopsOfStep the floating-point operations of a step of a configuration
   * @param warmUp the steps of warm-up, for advice
   * @param passes how often a training sees each of its examples, for advice
   */
  public Tuning(
      TuneSettings settings,
      Trainer trainer,
      ToDoubleFunction<TrialConfiguration> flopsOfStep,
      int warmUp,
      double passes) {
    this.settings = settings;
    this.trainer = new CostLedger(trainer, flopsOfStep);
    this.circumstances =
        new TuneVerdict.Circumstances(
            settings.plan().weightDecay(),
            warmUp,
            settings.seeds().size(),
            settings.metric().equals(TrainingExecutor.FINAL_TRAINING_LOSS) ? passes : 0);
  }

  /**
   * Tunes.
   *
   * @return what to train the target with
   * @throws InterruptedException if the work was ended before
   * @throws RunException if every training diverged or failed
   */
  public TuneResult run() throws InterruptedException {
    TrialConfiguration plain = bracket();
    PrefactorSearch.Found search = new PrefactorSearch(settings, trainer).from(plain);
    TrialConfiguration chosen = search.plan();
    List<StoredTrial> trials = fit(chosen);
    List<SeriesTransfer> rejected = new ArrayList<>();
    if (!chosen.equals(plain)) {
      // The search had one rate for all widths and one seed: a plan whose best rate runs away may
      // have looked good there.
      SeriesTransfer found = analysed(trials, settings.target());
      if (!(carried(found).loss() <= search.plainLoss())) {
        rejected.add(found);
        chosen = plain;
        trials = fit(plain);
      }
    }
    SeriesTransfer narrow = analysed(trials, settings.check());
    RateCurve tried = tried(chosen, narrow);
    TuneCheck check = check(narrow, tried);
    if (check.bracketed()) {
      // What was found there is as good as what was found at the narrow widths, and nearer.
      trials.addAll(trialsOf(tried, chosen));
    }
    SeriesTransfer fit = analysed(trials, settings.target());
    TuneVerdict verdict = TuneVerdict.of(fit, check, circumstances);
    Recommendation rate = fit.recommendation();
    return new TuneResult(
        verdict.kind(),
        settings.target(),
        rate.learningRate(),
        rate.lower(),
        rate.upper(),
        chosen.inits(),
        chosen.rates(),
        fit.drift(),
        fit.driftStandardError(),
        forecast(fit.widths(), settings.target()),
        check,
        cost(chosen),
        verdict.reasons(),
        verdict.advice(),
        Stream.concat(Stream.of(fit), rejected.stream()).toList(),
        search.rungs());
  }

  /** The plan as it is, at its best rate of the narrowest width, by octaves and one seed. */
  private TrialConfiguration bracket() throws InterruptedException {
    int narrowest = settings.widths().get(0);
    List<TrialConfiguration> trials = new ArrayList<>();
    long low = HalfOctaves.nearest(settings.rates().get(0));
    long high = HalfOctaves.nearest(settings.rates().get(settings.rates().size() - 1));
    for (long number = low; number <= high; number += 2) {
      trials.add(settings.plan().at(narrowest, HalfOctaves.rate(number)));
    }
    Losses losses =
        Losses.of(
            trainer.train(
                new Trainer.Stage("bracket", settings.steps()), trials, settings.firstSeed()),
            settings.metric());
    TrialConfiguration best = null;
    double least = Double.POSITIVE_INFINITY;
    for (TrialConfiguration trial : trials) {
      double loss = losses.of(trial);
      if (loss < least) {
        least = loss;
        best = trial;
      }
    }
    if (best == null) {
      throw new RunException(
          "every training at width %d diverged or failed: --lr is to reach to smaller rates"
              .formatted(narrowest));
    }
    return best;
  }

  /** The plan at each narrow width, from the best rate of the width before. */
  private List<StoredTrial> fit(TrialConfiguration plan) throws InterruptedException {
    Trainer.Stage stage = new Trainer.Stage("fit", settings.steps());
    OptimumSearch search =
        new OptimumSearch(trainer, stage, settings.metric(), settings.seeds(), settings.rates());
    TrialConfiguration at = plan;
    for (int width : settings.widths()) {
      at = best(search.near(at.at(width, at.learningRate())), at);
    }
    return new ArrayList<>(
        trainer.train(stage, List.of(), List.of()).stream()
            .filter(trial -> isOf(plan, settings.widths(), settings.seeds(), trial))
            .toList());
  }

  private static TrialConfiguration best(RateCurve curve, TrialConfiguration plan) {
    return Minimum.of(curve.log2Rates(), curve.meanLogLosses())
        .map(minimum -> plan.at(plan.width(), Math.pow(2, minimum.log2Rate())))
        .orElse(plan);
  }

  private SeriesTransfer analysed(List<StoredTrial> trials, int target) {
    SeriesTransfer found =
        new TransferAnalysis(
                TransferSettings.of(settings.metric()).withTolerance(TOLERANCE).withTarget(target))
            .of(trials)
            .get(0);
    if (found.widths().size() < settings.widths().size()) {
      throw new RunException(
          "of the widths %s only %d have a training that ended with a loss"
              .formatted(settings.widths(), found.widths().size()));
    }
    return found;
  }

  /** The store may have trials of an earlier tuning, with other widths or seeds. */
  private static boolean isOf(
      TrialConfiguration plan, List<Integer> widths, List<Long> seeds, StoredTrial trial) {
    TrialConfiguration own = TrialConfiguration.of(trial.configuration());
    return seeds.contains(trial.seed())
        && widths.contains(own.width())
        && own.series().equals(plan.series());
  }

  private TuneCheck check(SeriesTransfer narrow, RateCurve tried) {
    double predicted = narrow.recommendation().learningRate();
    double[] x = tried.log2Rates();
    double[] y = tried.meanLogLosses();
    Optional<Minimum> minimum = Minimum.of(x, y);
    double best = minimum.map(Minimum::log2Rate).orElse(Double.NaN);
    double octaves = best - HalfOctaves.log2(predicted);
    boolean bracketed = minimum.map(Minimum::bracketed).orElse(false);
    return new TuneCheck(
        settings.check(),
        predicted,
        Math.pow(2, best),
        octaves,
        forecast(narrow.widths(), settings.check()).loss(),
        minimum.map(found -> Math.exp(found.logLoss())).orElse(Double.NaN),
        minimum.map(found -> found.cost(x, y, HalfOctaves.log2(predicted))).orElse(Double.NaN),
        bracketed,
        bracketed && Math.abs(octaves) <= HALF_OCTAVE);
  }

  /**
   * The prediction and the rates an octave away from it, and further where these are better;
   * nothing where the best rate was at an edge everywhere, so that there is no prediction.
   */
  private RateCurve tried(TrialConfiguration chosen, SeriesTransfer narrow)
      throws InterruptedException {
    double predicted = narrow.recommendation().learningRate();
    if (Double.isNaN(predicted)) {
      return new RateCurve(settings.check(), List.of(), List.of(), List.of());
    }
    return new OptimumSearch(
            trainer, checking(), settings.metric(), settings.firstSeed(), settings.rates())
        .byOctaves(chosen.at(settings.check(), predicted));
  }

  private List<StoredTrial> trialsOf(RateCurve tried, TrialConfiguration plan)
      throws InterruptedException {
    return trainer.train(checking(), List.of(), List.of()).stream()
        .filter(trial -> isOf(plan, List.of(tried.width()), settings.firstSeed(), trial))
        .filter(
            trial ->
                tried.rates().contains(TrialConfiguration.of(trial.configuration()).learningRate()))
        .toList();
  }

  private Trainer.Stage checking() {
    return new Trainer.Stage("check", settings.steps());
  }

  private static LossForecast forecast(List<WidthOptimum> widths, int target) {
    return LossForecast.at(
        widths.stream().mapToInt(WidthOptimum::width).toArray(),
        widths.stream().mapToDouble(WidthOptimum::loss).toArray(),
        target);
  }

  /** With the best rate of the narrowest width at all widths. */
  private LossForecast carried(SeriesTransfer fit) {
    return LossForecast.at(
        fit.widths().stream().mapToInt(WidthOptimum::width).toArray(),
        fit.widths().stream().mapToDouble(w -> w.loss() * (1 + w.narrowCost())).toArray(),
        settings.target());
  }

  private TuneCost cost(TrialConfiguration plan) {
    double trial = trainer.flops(plan.at(settings.target(), plan.learningRate()), settings.steps());
    int trials = settings.rates().size() * settings.seeds().size();
    return new TuneCost(
        trainer.trials(),
        trainer.flops(),
        trial,
        trials,
        trial * trials,
        trainer.flops() / (trial * trials));
  }
}
