package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.List;
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
    List<SearchRung> rungs = new ArrayList<>();
    List<TrialConfiguration> others = List.of();
    TrialConfiguration best = plain;
    double plainLoss = Double.NaN;
    for (SuccessiveHalving.Rung rung :
        SuccessiveHalving.upTo(settings.widths(), settings.candidates()).rungs()) {
      RungTrials tried =
          new RungTrials(rung, settings.target(), some -> train(rung, some), plain, others);
      tried.explore(new PrefactorMoves(settings.axes()));
      rungs.add(shown(rung, tried.ranking()));
      others = tried.survivors(plain);
      best = tried.best();
      plainLoss = tried.promise(plain);
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
        trainer.train(new Trainer.Stage("search", settings.steps()), trials, settings.firstSeed()),
        settings.metric());
  }

  private SearchRung shown(SuccessiveHalving.Rung rung, List<RungTrials.Tried> ranking) {
    return new SearchRung(
        settings.steps(),
        rung.widths(),
        ranking.size(),
        ranking.stream()
            .limit(MOST_SHOWN)
            .map(
                tried ->
                    new SearchRung.Entry(
                        tried.candidate().learningRate(),
                        tried.candidate().inits(),
                        tried.candidate().rates(),
                        tried.mean(),
                        tried.promise()))
            .toList());
  }
}
