package org.widthwise.sweep.tune;

import java.util.List;
import java.util.Map;

/**
 * A rung of the search for prefactors.
 *
 * @param steps how long candidates were trained
 * @param widths at which widths
 * @param candidates how many there were
 * @param best the better ones, at most five, the best first
 */
public record SearchRung(int steps, List<Integer> widths, int candidates, List<Entry> best) {

  /**
   * A candidate.
   *
   * @param learningRate its global rate
   * @param inits its prefactors of init by group, where they are not usual
   * @param rates its prefactors of rate by group, where they are not 1
   * @param loss the geometric mean over the widths
   * @param predictedLoss what follows for the target, by which candidates are ranked
   */
  public record Entry(
      double learningRate,
      Map<String, Double> inits,
      Map<String, Double> rates,
      double loss,
      double predictedLoss) {}
}
