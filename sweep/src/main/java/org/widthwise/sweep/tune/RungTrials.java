package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.sweep.definition.TrialConfiguration;

/** What one rung of the search has tried, with what it promises at the target. */
final class RungTrials {

  /** What loses more than this at the widest width promises nothing: promises may be wrong. */
  private static final double MOST_LOST = 1.1;

  /** Trains candidates at all widths of a rung; gives the losses, those tried before included. */
  @FunctionalInterface
  interface Training {
    Losses of(List<TrialConfiguration> candidates) throws InterruptedException;
  }

  private final SuccessiveHalving.Rung rung;
  private final int target;
  private final Training training;
  private final Map<TrialConfiguration, Tried> tried = new LinkedHashMap<>();
  private final double bound;

  /**
   * A candidate.
   *
   * @param mean the geometric mean of its losses
   * @param promise what they promise at the target; infinite if one diverged or the last is much
   *     worse than that of the plan as it is
   */
  record Tried(TrialConfiguration candidate, double mean, double promise) {}

  /**
   * Tries some.
   *
   * @param rung where
   * @param target the width to promise for
   * @param training trains them
   * @param plain the plan as it is
   * @param others what goes on from the rung before
   */
  RungTrials(
      SuccessiveHalving.Rung rung,
      int target,
      Training training,
      TrialConfiguration plain,
      List<TrialConfiguration> others)
      throws InterruptedException {
    this.rung = rung;
    this.target = target;
    this.training = training;
    int widest = rung.widths().get(rung.widths().size() - 1);
    Losses losses = training.of(List.of(plain));
    this.bound = MOST_LOST * losses.of(plain.at(widest, plain.learningRate()));
    tried.put(plain, of(plain, losses));
    tryOut(others);
  }

  /** Tries those that were not yet, as far as there is room. */
  private void tryOut(List<TrialConfiguration> candidates) throws InterruptedException {
    List<TrialConfiguration> fresh =
        candidates.stream()
            .distinct()
            .filter(candidate -> !tried.containsKey(candidate))
            .limit(Math.max(0, rung.room() - tried.size()))
            .toList();
    if (fresh.isEmpty()) {
      return;
    }
    Losses losses = training.of(fresh);
    fresh.forEach(candidate -> tried.put(candidate, of(candidate, losses)));
  }

  private Tried of(TrialConfiguration candidate, Losses losses) {
    int[] widths = rung.widths().stream().mapToInt(Integer::intValue).toArray();
    double[] each = new double[widths.length];
    double logs = 0;
    for (int i = 0; i < each.length; i++) {
      each[i] = losses.of(candidate.at(widths[i], candidate.learningRate()));
      logs += Math.log(each[i]);
    }
    boolean promises = Double.isFinite(logs) && each[each.length - 1] <= bound;
    return new Tried(
        candidate,
        Math.exp(logs / each.length),
        promises ? LossForecast.at(widths, each, target).loss() : Double.POSITIVE_INFINITY);
  }

  /**
   * Looks around the plan as it is: wide steps along each axis, then those that gained together,
   * the one that gained most first. After it fine steps around the best in the same way, and again
   * from the best of these, until nothing gains or there is no more room.
   */
  void explore(PrefactorMoves moves) throws InterruptedException {
    if (!rung.explores()) {
      return;
    }
    look(moves.wide());
    TrialConfiguration centre = null;
    while (!best().equals(centre) && tried.size() < rung.room()) {
      centre = best();
      look(moves.fine());
    }
  }

  private void look(List<List<PrefactorMoves.Move>> axes) throws InterruptedException {
    TrialConfiguration centre = best();
    tryOut(axes.stream().flatMap(List::stream).map(move -> move.from(centre)).toList());
    tryOut(combined(centre, axes));
  }

  /** The better steps of two and more axes at once. */
  private List<TrialConfiguration> combined(
      TrialConfiguration from, List<List<PrefactorMoves.Move>> axes) {
    List<PrefactorMoves.Move> gaining = new ArrayList<>();
    for (List<PrefactorMoves.Move> steps : axes) {
      steps.stream()
          .filter(move -> promise(move.from(from)) < promise(from))
          .min(Comparator.comparingDouble(move -> promise(move.from(from))))
          .ifPresent(gaining::add);
    }
    gaining.sort(Comparator.comparingDouble(move -> promise(move.from(from))));
    List<TrialConfiguration> combined = new ArrayList<>();
    for (int count = 2; count <= gaining.size(); count++) {
      combined.add(PrefactorMoves.all(gaining.subList(0, count), from));
    }
    return combined;
  }

  double promise(TrialConfiguration candidate) {
    Tried found = tried.get(candidate);
    return found == null ? Double.POSITIVE_INFINITY : found.promise();
  }

  /** All, the one that promises most first; of equals the earlier one. */
  List<Tried> ranking() {
    return tried.values().stream().sorted(Comparator.comparingDouble(Tried::promise)).toList();
  }

  TrialConfiguration best() {
    return ranking().get(0).candidate();
  }

  /** The plan as it is, by which others are measured, and the better ones. */
  List<TrialConfiguration> survivors(TrialConfiguration plain) {
    List<TrialConfiguration> others =
        ranking().stream().map(Tried::candidate).filter(one -> !one.equals(plain)).toList();
    List<TrialConfiguration> survivors = new ArrayList<>(List.of(plain));
    survivors.addAll(others.subList(0, Math.min(others.size(), rung.survivors(others.size()))));
    return survivors;
  }
}
