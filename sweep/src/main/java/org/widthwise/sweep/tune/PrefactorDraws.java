package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.widthwise.sweep.definition.TrialConfiguration;

/**
 * Draws prefactors and rates that fill their ranges evenly, however many are asked for: the
 * additive recurrence whose steps are powers of the root of {@code x^(d+1) = x + 1} (M. Roberts,
 * "The Unreasonable Effectiveness of Quasirandom Sequences", 2018). The same draws every time, so
 * that a search goes on where it was.
 */
final class PrefactorDraws {

  /** Prefactors are powers of two from 1/4 to 16: what was seen to matter is up to a factor 16. */
  private static final int LEAST = -2;

  private static final int MOST = 4;

  /** Octaves to either side of the best rate of the plan without prefactors. */
  private static final double RATE_REACH = 2;

  private final List<PrefactorAxis> axes;

  PrefactorDraws(List<PrefactorAxis> axes) {
    this.axes = List.copyOf(axes);
  }

  /**
   * Candidates, the first of which is the plan as it is.
   *
   * @param base the plan, at its best rate
   * @param count how many
   * @return different ones, at the base's width
   */
  List<TrialConfiguration> of(TrialConfiguration base, int count) {
    Set<TrialConfiguration> found = new LinkedHashSet<>();
    found.add(base);
    double[] steps = steps(axes.size() + 1);
    // Few axes have few powers of two, so that a draw may repeat an earlier one.
    for (int i = 1; found.size() < count && i <= 8 * count; i++) {
      found.add(candidate(base, i, steps));
    }
    return new ArrayList<>(found);
  }

  private TrialConfiguration candidate(TrialConfiguration base, int number, double[] steps) {
    Map<String, Double> inits = new HashMap<>(base.inits());
    Map<String, Double> rates = new HashMap<>(base.rates());
    for (int i = 0; i < axes.size(); i++) {
      int power = LEAST + (int) Math.floor(share(number, steps[i]) * (MOST - LEAST + 1));
      PrefactorAxis axis = axes.get(i);
      Map<String, Double> factors = axis.init() ? inits : rates;
      double factor = factors.getOrDefault(axis.group().id(), 1.0) * Math.pow(2, power);
      if (factor == 1) {
        factors.remove(axis.group().id());
      } else {
        factors.put(axis.group().id(), factor);
      }
    }
    double octaves = RATE_REACH * (2 * share(number, steps[axes.size()]) - 1);
    // On the grid of half octaves that rates are tried on.
    double rate =
        HalfOctaves.rate(HalfOctaves.nearest(base.learningRate()) + Math.round(2 * octaves));
    return base.withPrefactors(inits, rates).at(base.width(), rate);
  }

  private static double share(int number, double step) {
    double sum = 0.5 + number * step;
    return sum - Math.floor(sum);
  }

  private static double[] steps(int dimensions) {
    double root = 2;
    for (int i = 0; i < 64; i++) {
      root = Math.pow(1 + root, 1.0 / (dimensions + 1));
    }
    double[] steps = new double[dimensions];
    for (int i = 0; i < dimensions; i++) {
      steps[i] = Math.pow(root, -(i + 1));
    }
    return steps;
  }
}
