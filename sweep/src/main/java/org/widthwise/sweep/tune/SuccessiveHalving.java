package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.List;

/**
 * Successive halving (K. Jamieson, A. Talwalkar, "Non-stochastic best arm identification and
 * hyperparameter optimization", 2016) with the width for the resource: what there is to try is
 * tried at half the narrow widths, and the better ones at these widths themselves. Trainings are
 * not shortened: what shorter ones say of prefactors at the target has next to nothing to do with
 * what whole ones say.
 *
 * @param rungs where candidates are tried, the first one first
 */
public record SuccessiveHalving(List<Rung> rungs) {

  /** Narrower networks tell nothing of wide ones. */
  private static final int LEAST_WIDTH = 16;

  /** One candidate of so many goes on. */
  private static final int REDUCTION = 6;

  /**
   * Where candidates are tried.
   *
   * @param widths at which they are trained
   * @param room how many candidates there may be
   * @param explores whether it looks for better ones, or only compares those of the rung before
   */
  public record Rung(List<Integer> widths, int room, boolean explores) {

    /**
     * Copies the widths.
     *
     * @param widths at which they are trained
     * @param room how many candidates there may be
     * @param explores whether it looks for better ones
     */
    public Rung {
      widths = List.copyOf(widths);
    }

    /** How many of those tried go on to the next, the plan as it is aside. */
    int survivors(int tried) {
      return (tried + REDUCTION - 1) / REDUCTION;
    }
  }

  /**
   * Copies the rungs.
   *
   * @param rungs where candidates are tried
   */
  public SuccessiveHalving {
    rungs = List.copyOf(rungs);
  }

  /**
   * The rungs up to some widths.
   *
   * @param widths ascending
   * @param candidates the room of the first rung
   * @return two rungs; one where half the narrowest width would be too narrow
   */
  public static SuccessiveHalving upTo(List<Integer> widths, int candidates) {
    List<Rung> rungs = new ArrayList<>();
    boolean halves = widths.stream().allMatch(width -> width % 2 == 0 && width / 2 >= LEAST_WIDTH);
    if (halves) {
      rungs.add(new Rung(widths.stream().map(width -> width / 2).toList(), candidates, true));
    }
    rungs.add(new Rung(widths, candidates, !halves));
    return new SuccessiveHalving(rungs);
  }
}
