package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.sweep.definition.TrialConfiguration;

/**
 * Searches the prefactors for those that promise the least loss at the target: not those that are
 * best at narrow widths, for which prefactors are best changes with the width long after the best
 * rate does not. A greater readout, for instance, hurts where its noise is not small, as n^−1/2,
 * and helps beyond.
 */
final class PrefactorSearch {

  private static final int MOST_SHOWN = 5;

  private final TuneSettings settings;
  private final Trainer trainer;

  PrefactorSearch(TuneSettings settings, Trainer trainer) {
    this.settings = settings;
    this.trainer = trainer;
  }

  /**
   * What was found.
   *
   * @param plan the plan with prefactors, or the plan as it is if none is better
   * @param plainLoss the loss at the target that was predicted of the plan as it is; NaN where
   *     nothing was to be searched
   * @param rungs what was tried; none where nothing was to be searched
   */
  record Found(TrialConfiguration plan, double plainLoss, List<SearchRung> rungs) {}

  /**
   * Searches.
   *
   * @param plain the plan as it is, at its best rate of the narrowest width
   */
  Found from(TrialConfiguration plain) throws InterruptedException {
    if (settings.axes().isEmpty() || settings.candidates() == 1) {
      return new Found(plain, Double.NaN, List.of());
    }
    Map<Integer, Map<TrialConfiguration, Double>> means = new HashMap<>();
    List<SearchRung> rungs = new ArrayList<>();
    TrialConfiguration best = plain;
    double plainLoss = Double.NaN;
    for (SuccessiveHalving.Ranking<TrialConfiguration> ranking :
        SuccessiveHalving.upTo(settings.steps(), settings.widths())
            .run(
                new PrefactorDraws(settings.axes()).of(plain, settings.candidates()),
                (rung, candidates) -> {
                  Losses losses = train(rung, candidates);
                  Map<TrialConfiguration, Double> mean = new HashMap<>();
                  candidates.forEach(plan -> mean.put(plan, mean(rung, plan, losses)));
                  means.put(rung.steps(), mean);
                  return candidates.stream().map(plan -> predicted(rung, plan, losses)).toList();
                })) {
      rungs.add(shown(ranking, means.getOrDefault(ranking.rung().steps(), Map.of())));
      best = ranking.candidates().get(0);
      plainLoss = ranking.scores().get(ranking.candidates().indexOf(plain));
    }
    return new Found(best, plainLoss, rungs);
  }

  private Losses train(SuccessiveHalving.Rung rung, List<TrialConfiguration> candidates)
      throws InterruptedException {
    List<TrialConfiguration> trials = new ArrayList<>();
    for (int width : rung.widths()) {
      candidates.forEach(candidate -> trials.add(candidate.at(width, candidate.learningRate())));
    }
    return Losses.of(
        trainer.train(
            new Trainer.Stage("search-" + rung.steps(), rung.steps()),
            trials,
            settings.firstSeed()));
  }

  private static double[] losses(
      SuccessiveHalving.Rung rung, TrialConfiguration plan, Losses losses) {
    return rung.widths().stream()
        .mapToDouble(width -> losses.of(plan.at(width, plan.learningRate())))
        .toArray();
  }

  private static double mean(SuccessiveHalving.Rung rung, TrialConfiguration plan, Losses losses) {
    double sum = 0;
    for (double loss : losses(rung, plan, losses)) {
      sum += Math.log(loss);
    }
    return Math.exp(sum / rung.widths().size());
  }

  private double predicted(SuccessiveHalving.Rung rung, TrialConfiguration plan, Losses losses) {
    double[] each = losses(rung, plan, losses);
    for (double loss : each) {
      if (!Double.isFinite(loss)) {
        return Double.POSITIVE_INFINITY;
      }
    }
    int[] widths = rung.widths().stream().mapToInt(Integer::intValue).toArray();
    return LossForecast.at(widths, each, settings.target()).loss();
  }

  private static SearchRung shown(
      SuccessiveHalving.Ranking<TrialConfiguration> ranking,
      Map<TrialConfiguration, Double> means) {
    List<SearchRung.Entry> best = new ArrayList<>();
    for (int i = 0; i < Math.min(MOST_SHOWN, ranking.candidates().size()); i++) {
      TrialConfiguration candidate = ranking.candidates().get(i);
      best.add(
          new SearchRung.Entry(
              candidate.learningRate(),
              candidate.inits(),
              candidate.rates(),
              means.getOrDefault(candidate, Double.POSITIVE_INFINITY),
              ranking.scores().get(i)));
    }
    return new SearchRung(
        ranking.rung().steps(), ranking.rung().widths(), ranking.candidates().size(), best);
  }
}
