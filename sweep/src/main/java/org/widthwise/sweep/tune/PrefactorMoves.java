package org.widthwise.sweep.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.sweep.definition.TrialConfiguration;

/** Steps along the axes of prefactors and of the global rate, up and down. */
final class PrefactorMoves {

  /** Octaves along a prefactor: what was seen to matter is up to a factor 16, and that upwards. */
  private static final List<Double> WIDE = List.of(2.0, -2.0, 4.0);

  private static final List<Double> FINE = List.of(1.0, -1.0);

  /** A rate matters more than a prefactor, and is on a grid of half octaves. */
  private static final List<Double> WIDE_RATES = List.of(1.0, -1.0);

  private static final List<Double> FINE_RATES = List.of(0.5, -0.5);

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
   * Wide steps.
   *
   * @return for each axis, the last of which is the rate, the steps along it
   */
  List<List<Move>> wide() {
    return of(WIDE, WIDE_RATES);
  }

  /**
   * Fine steps.
   *
   * @return as {@link #wide()}
   */
  List<List<Move>> fine() {
    return of(FINE, FINE_RATES);
  }

  private List<List<Move>> of(List<Double> octaves, List<Double> rates) {
    List<List<Move>> moves = new ArrayList<>();
    for (PrefactorAxis axis : axes) {
      moves.add(octaves.stream().<Move>map(step -> new Factor(axis, step)).toList());
    }
    moves.add(rates.stream().<Move>map(Rate::new).toList());
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
