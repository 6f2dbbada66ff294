package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Successive halving (K. Jamieson, A. Talwalkar, "Non-stochastic best arm identification and
 * hyperparameter optimization", 2016): all candidates are tried for a little, the better third goes
 * on for three times as much, until few are tried for all of it. Here a rung is three times as long
 * as the one before, and each is tried at all widths, so that what a candidate gains from width is
 * seen from the first rung on. The first candidate, by which the others are measured, goes on in
 * any case.
 *
 * @param rungs what candidates are tried for, the first one first
 */
public record SuccessiveHalving(List<Rung> rungs) {

  /** One candidate of so many goes on. */
  static final int REDUCTION = 3;

  private static final int MOST_RUNGS = 3;

  /** Shorter trainings tell nothing of longer ones. */
  private static final int LEAST_STEPS = 10;

  /**
   * What candidates are tried for.
   *
   * @param steps of each training
   * @param widths at which they are trained
   */
  public record Rung(int steps, List<Integer> widths) {

    /**
     * Copies the widths.
     *
     * @param steps of each training
     * @param widths at which they are trained
     */
    public Rung {
      widths = List.copyOf(widths);
    }
  }

  /**
   * Tries candidates.
   *
   * @param <C> what a candidate is
   */
  @FunctionalInterface
  interface Scorer<C> {

    /** A score for each candidate, the smaller the better; infinite for what diverged. */
    List<Double> of(Rung rung, List<C> candidates) throws InterruptedException;
  }

  /**
   * A rung with what came of it.
   *
   * @param rung the rung
   * @param candidates those that were tried, the best first
   * @param scores theirs, ascending
   * @param <C> what a candidate is
   */
  record Ranking<C>(Rung rung, List<C> candidates, List<Double> scores) {}

  /**
   * Copies the rungs.
   *
   * @param rungs what candidates are tried for
   */
  public SuccessiveHalving {
    rungs = List.copyOf(rungs);
  }

  /**
   * Rungs up to the whole training: each takes a third of the steps of the next.
   *
   * @param steps of the whole training
   * @param widths ascending
   * @return at most three rungs
   */
  public static SuccessiveHalving upTo(int steps, List<Integer> widths) {
    List<Rung> rungs = new ArrayList<>();
    double of = steps;
    for (int i = 0; i < MOST_RUNGS && (i == 0 || of >= LEAST_STEPS); i++) {
      rungs.add(0, new Rung((int) Math.round(of), widths));
      of /= REDUCTION;
    }
    return new SuccessiveHalving(rungs);
  }

  /**
   * Runs all rungs.
   *
   * @param candidates at least one; the first is tried in every rung
   * @param scorer tries them
   * @return what came of each rung
   */
  <C> List<Ranking<C>> run(List<C> candidates, Scorer<C> scorer) throws InterruptedException {
    List<Ranking<C>> rankings = new ArrayList<>();
    List<C> left = candidates;
    for (Rung rung : rungs) {
      Ranking<C> ranking = rank(rung, left, scorer.of(rung, left));
      rankings.add(ranking);
      left = better(ranking, candidates.get(0));
    }
    return rankings;
  }

  private static <C> List<C> better(Ranking<C> ranking, C first) {
    List<C> others = new ArrayList<>(ranking.candidates());
    others.remove(first);
    // To the front: of equals the earlier one wins.
    List<C> better = new ArrayList<>(List.of(first));
    better.addAll(others.subList(0, (others.size() + REDUCTION - 1) / REDUCTION));
    return better;
  }

  private static <C> Ranking<C> rank(Rung rung, List<C> candidates, List<Double> scores) {
    record Scored<C>(C candidate, double score) {}
    List<Scored<C>> scored = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      scored.add(new Scored<>(candidates.get(i), scores.get(i)));
    }
    // Stable: of equals the earlier candidate goes on.
    scored.sort(Comparator.comparingDouble(Scored::score));
    return new Ranking<>(
        rung,
        scored.stream().map(Scored::candidate).toList(),
        scored.stream().map(Scored::score).toList());
  }
}
