package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
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

  private static final String METRIC = TrainingExecutor.FINAL_TRAINING_LOSS;

  /** Within it a drift would be taken for none although it can be told from none. */
  private static final double NO_TOLERANCE = 1e-6;

  /** A prediction holds within a factor √2. */
  private static final double HALF_OCTAVE = 0.5;

  private static final int MOST_SHOWN = 5;

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
   */
  public Tuning(
      TuneSettings settings,
      Trainer trainer,
      ToDoubleFunction<TrialConfiguration> flopsOfStep,
      int warmUp) {
    this.settings = settings;
    this.trainer = new CostLedger(trainer, flopsOfStep);
    this.circumstances =
        new TuneVerdict.Circumstances(
            settings.plan().weightDecay(), warmUp, settings.seeds().size());
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
    List<SearchRung> search = new ArrayList<>();
    List<TrialConfiguration> plans = finalists(plain, search);
    FittedPlans fitted = fit(plans);
    SeriesTransfer forCheck = analysed(fitted.trials(), settings.check(), fitted.chosen());
    TuneCheck check = check(fitted, forCheck);
    SeriesTransfer fit = analysed(fitted.trials(), settings.target(), fitted.chosen());
    TuneVerdict verdict = TuneVerdict.of(fit, check, circumstances);
    Recommendation rate = fit.recommendation();
    List<SeriesTransfer> series = new ArrayList<>(List.of(fit));
    fitted
        .other()
        .ifPresent(
            other ->
                series.add(transfer(fitted.trials(), twoNarrowest(), settings.target(), other)));
    return new TuneResult(
        verdict.kind(),
        settings.target(),
        rate.learningRate(),
        rate.lower(),
        rate.upper(),
        fitted.chosen().inits(),
        fitted.chosen().rates(),
        fit.drift(),
        fit.driftStandardError(),
        forecast(fit, check),
        check,
        cost(fitted.chosen()),
        verdict.reasons(),
        verdict.advice(),
        series,
        search);
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
    Map<String, Double> losses =
        losses(trainer.train(new Trainer.Stage("bracket", settings.steps()), trials, seed()));
    TrialConfiguration best = null;
    double least = Double.POSITIVE_INFINITY;
    for (TrialConfiguration trial : trials) {
      double loss = losses.getOrDefault(trial.json(), Double.POSITIVE_INFINITY);
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

  private List<Long> seed() {
    return settings.seeds().subList(0, 1);
  }

  private static Map<String, Double> losses(List<StoredTrial> trials) {
    Map<String, Double> losses = new HashMap<>();
    for (StoredTrial trial : trials) {
      double loss = RateCurve.loss(trial, METRIC);
      // What failed is worth no more than what diverged.
      losses.put(trial.configuration(), Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss);
    }
    return losses;
  }

  /** The plan that the search found, and the plan as it is: the same if nothing is better. */
  private List<TrialConfiguration> finalists(TrialConfiguration plain, List<SearchRung> search)
      throws InterruptedException {
    if (settings.axes().isEmpty() || settings.candidates() == 1) {
      return List.of(plain);
    }
    List<TrialConfiguration> candidates =
        new PrefactorDraws(settings.axes()).of(plain, settings.candidates());
    List<SuccessiveHalving.Ranking<TrialConfiguration>> rankings =
        SuccessiveHalving.upTo(settings.steps(), settings.widths()).run(candidates, this::scores);
    rankings.forEach(ranking -> search.add(shown(ranking)));
    TrialConfiguration winner = rankings.get(rankings.size() - 1).candidates().get(0);
    return winner.series().equals(plain.series()) ? List.of(plain) : List.of(winner, plain);
  }

  /** Means of the logarithm of the loss over the widths of a rung. */
  private List<Double> scores(SuccessiveHalving.Rung rung, List<TrialConfiguration> candidates)
      throws InterruptedException {
    List<TrialConfiguration> trials = new ArrayList<>();
    for (int width : rung.widths()) {
      candidates.forEach(candidate -> trials.add(candidate.at(width, candidate.learningRate())));
    }
    Map<String, Double> losses =
        losses(
            trainer.train(
                new Trainer.Stage("search-" + rung.steps(), rung.steps()), trials, seed()));
    return candidates.stream()
        .map(
            candidate ->
                rung.widths().stream()
                    .mapToDouble(
                        width ->
                            Math.log(
                                losses.getOrDefault(
                                    candidate.at(width, candidate.learningRate()).json(),
                                    Double.POSITIVE_INFINITY)))
                    .average()
                    .orElseThrow())
        .toList();
  }

  private static SearchRung shown(SuccessiveHalving.Ranking<TrialConfiguration> ranking) {
    List<SearchRung.Entry> best = new ArrayList<>();
    for (int i = 0; i < Math.min(MOST_SHOWN, ranking.candidates().size()); i++) {
      TrialConfiguration candidate = ranking.candidates().get(i);
      best.add(
          new SearchRung.Entry(
              candidate.learningRate(),
              candidate.inits(),
              candidate.rates(),
              Math.exp(ranking.scores().get(i))));
    }
    return new SearchRung(
        ranking.rung().steps(), ranking.rung().widths(), ranking.candidates().size(), best);
  }

  /** The plans that were fitted: the chosen one at all narrow widths, the other at two. */
  private record FittedPlans(
      TrialConfiguration chosen, Optional<TrialConfiguration> other, List<StoredTrial> trials) {}

  /**
   * Both plans are fitted at the two narrowest widths. The one goes on that has the smaller loss at
   * the second with the best rate of the first: neither loss nor transfer alone decides.
   */
  private FittedPlans fit(List<TrialConfiguration> plans) throws InterruptedException {
    Trainer.Stage stage = new Trainer.Stage("fit", settings.steps());
    OptimumSearch search =
        new OptimumSearch(trainer, stage, METRIC, settings.seeds(), settings.rates());
    TrialConfiguration chosen = plans.get(0);
    List<TrialConfiguration> at = new ArrayList<>(plans);
    for (int i = 0; i < settings.widths().size(); i++) {
      int width = settings.widths().get(i);
      for (int j = 0; j < at.size(); j++) {
        if (i < 2 || at.get(j).series().equals(chosen.series())) {
          at.set(j, best(search.near(at.get(j).at(width, at.get(j).learningRate())), at.get(j)));
        }
      }
      if (i == 1 && plans.size() > 1) {
        List<StoredTrial> trials = trainer.train(stage, List.of(), List.of());
        chosen =
            carriedLoss(trials, plans.get(0)) <= carriedLoss(trials, plans.get(1))
                ? plans.get(0)
                : plans.get(1);
      }
    }
    String series = chosen.series();
    return new FittedPlans(
        chosen,
        plans.stream().filter(plan -> !plan.series().equals(series)).findFirst(),
        trainer.train(stage, List.of(), List.of()));
  }

  private List<Integer> twoNarrowest() {
    return settings.widths().subList(0, 2);
  }

  private static TrialConfiguration best(RateCurve curve, TrialConfiguration plan) {
    return Minimum.of(curve.log2Rates(), curve.meanLogLosses())
        .map(minimum -> plan.at(plan.width(), Math.pow(2, minimum.log2Rate())))
        .orElse(plan);
  }

  private double carriedLoss(List<StoredTrial> trials, TrialConfiguration plan) {
    SeriesTransfer found = transfer(trials, twoNarrowest(), settings.target(), plan);
    WidthOptimum second = found.widths().get(found.widths().size() - 1);
    return second.loss() * (1 + second.narrowCost());
  }

  private SeriesTransfer analysed(List<StoredTrial> trials, int width, TrialConfiguration plan) {
    SeriesTransfer found = transfer(trials, settings.widths(), width, plan);
    if (found.widths().size() < settings.widths().size()) {
      throw new RunException(
          "of the widths %s only %d have a training that ended with a loss"
              .formatted(settings.widths(), found.widths().size()));
    }
    return found;
  }

  private SeriesTransfer transfer(
      List<StoredTrial> trials, List<Integer> widths, int target, TrialConfiguration plan) {
    return new TransferAnalysis(
            TransferSettings.of(METRIC).withTolerance(NO_TOLERANCE).withTarget(target))
        .of(trials.stream().filter(trial -> isOf(plan, widths, trial)).toList())
        .get(0);
  }

  /** The store may have trials of an earlier tuning, with other widths or seeds. */
  private boolean isOf(TrialConfiguration plan, List<Integer> widths, StoredTrial trial) {
    TrialConfiguration own = TrialConfiguration.of(trial.configuration());
    return settings.seeds().contains(trial.seed())
        && widths.contains(own.width())
        && own.series().equals(plan.series());
  }

  private TuneCheck check(FittedPlans fitted, SeriesTransfer fit) throws InterruptedException {
    double predicted = fit.recommendation().learningRate();
    LossForecast loss = forecast(fit.widths(), settings.check());
    if (Double.isNaN(predicted)) {
      // At an edge everywhere: there is nothing to check.
      return new TuneCheck(
          settings.check(),
          predicted,
          Double.NaN,
          Double.NaN,
          loss.loss(),
          Double.NaN,
          Double.NaN,
          false,
          false);
    }
    TrialConfiguration plan = fitted.chosen().at(settings.check(), predicted);
    RateCurve curve = around(plan);
    double[] x = curve.log2Rates();
    double[] y = curve.meanLogLosses();
    Optional<Minimum> minimum = Minimum.of(x, y);
    double best = minimum.map(Minimum::log2Rate).orElse(Double.NaN);
    double octaves = best - HalfOctaves.log2(predicted);
    boolean bracketed = minimum.map(Minimum::bracketed).orElse(false);
    return new TuneCheck(
        settings.check(),
        predicted,
        Math.pow(2, best),
        octaves,
        loss.loss(),
        minimum.map(found -> Math.exp(found.logLoss())).orElse(Double.NaN),
        minimum.map(found -> found.cost(x, y, HalfOctaves.log2(predicted))).orElse(Double.NaN),
        bracketed,
        bracketed && Math.abs(octaves) <= HALF_OCTAVE);
  }

  /** The predicted rate and those an octave away, and further where these are better. */
  private RateCurve around(TrialConfiguration plan) throws InterruptedException {
    OptimumSearch search =
        new OptimumSearch(
            trainer,
            new Trainer.Stage("check", settings.steps()),
            METRIC,
            seed(),
            settings.rates());
    return search.byOctaves(plan);
  }

  private static LossForecast forecast(List<WidthOptimum> widths, int target) {
    return LossForecast.at(
        widths.stream().mapToInt(WidthOptimum::width).toArray(),
        widths.stream().mapToDouble(WidthOptimum::loss).toArray(),
        target);
  }

  /** From the check's loss as well, if it is one. */
  private LossForecast forecast(SeriesTransfer fit, TuneCheck check) {
    if (!(check.bracketed() && check.loss() > 0)) {
      return forecast(fit.widths(), settings.target());
    }
    int count = fit.widths().size();
    int[] widths = new int[count + 1];
    double[] losses = new double[count + 1];
    for (int i = 0; i < count; i++) {
      widths[i] = fit.widths().get(i).width();
      losses[i] = fit.widths().get(i).loss();
    }
    widths[count] = check.width();
    losses[count] = check.loss();
    return LossForecast.at(widths, losses, settings.target());
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
