package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.sweep.definition.TrialConfiguration;

/** Steps along the axes of prefactors and of the global rate, up and down. */
final class PrefactorMoves {

  /** A rate matters more than a prefactor, and is on a grid of half octaves. */
  private static final double RATE_SHARE = 0.5;

  private final List<PrefactorAxis> axes;

  PrefactorMoves(List<PrefactorAxis> axes) {
    this.axes = List.copyOf(axes);
  }

  /** A step along one axis. */
  sealed interface Move {
    TrialConfiguration from(TrialConfiguration plan);
  }

  /** A prefactor times a power of two. */
  record Factor(PrefactorAxis axis, double octaves) implements Move {
    @Override
    public TrialConfiguration from(TrialConfiguration plan) {
      Map<String, Double> inits = new HashMap<>(plan.inits());
      Map<String, Double> rates = new HashMap<>(plan.rates());
      Map<String, Double> factors = axis.init() ? inits : rates;
      String group = axis.group().id();
      double factor = factors.getOrDefault(group, 1.0) * Math.pow(2, octaves);
      if (factor == 1) {
        factors.remove(group);
      } else {
        factors.put(group, factor);
      }
      return plan.withPrefactors(inits, rates);
    }
  }

  /** The global rate, to the nearest half octave. */
  record Rate(double octaves) implements Move {
    @Override
    public TrialConfiguration from(TrialConfiguration plan) {
      return plan.at(
          plan.width(),
          HalfOctaves.rate(HalfOctaves.nearest(plan.learningRate()) + Math.round(2 * octaves)));
    }
  }

  /**
   * The steps along each axis.
   *
   * @param octaves how far for a prefactor
   * @return for each axis the step up and the step down
   */
  List<List<Move>> of(double octaves) {
    List<List<Move>> moves = new ArrayList<>();
    for (PrefactorAxis axis : axes) {
      moves.add(List.of(new Factor(axis, octaves), new Factor(axis, -octaves)));
    }
    double rate = RATE_SHARE * octaves;
    moves.add(List.of(new Rate(rate), new Rate(-rate)));
    return moves;
  }

  /** One step after the other. */
  static TrialConfiguration all(List<Move> moves, TrialConfiguration plan) {
    TrialConfiguration moved = plan;
    for (Move move : moves) {
      moved = move.from(moved);
    }
    return moved;
  }
}
