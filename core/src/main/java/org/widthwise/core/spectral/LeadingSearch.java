package org.widthwise.core.spectral;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One search for several leading singular values: converged triplets are locked and the deflated
 * operator is searched from a fresh random start, until such a search finds nothing larger than
 * what is locked.
 *
 * <p>A Krylov space of one vector holds one copy of a repeated singular value; the next search,
 * outside the locked vectors, holds the next copy.
 */
final class LeadingSearch {
  /** Safety between residuals and the tolerance: many locked triplets add their residuals. */
  private static final double RESIDUAL_SHARE = 0.1;

  /** Relative to the largest value, what lies below is rounding. */
  private static final double NEGLIGIBLE = 1e-14;

  private final MeteredOperator operator;
  private final LanczosRun run;
  private final double tolerance;
  private final Random random;
  private final List<double[]> lockedLeft = new ArrayList<>();
  private final List<double[]> lockedRight = new ArrayList<>();
  private final List<Double> locked = new ArrayList<>();
  private double largest;

  LeadingSearch(LinearOperator operator, double tolerance, int maxIterations, long seed) {
    this.operator = new MeteredOperator(operator);
    this.run = new LanczosRun(this.operator, maxIterations);
    this.tolerance = tolerance;
    this.random = new Random(seed);
  }

  SingularValues leading(int count) {
    int available = Math.min(operator.rows(), operator.columns());
    int wanted = Math.min(count, available);
    if (wanted == 0) {
      return result(0, true);
    }
    double[] start = Vectors.randomUnit(operator.columns(), random);
    if (!operator.measure(start)) {
      return result(wanted, true);
    }
    while (locked.size() < available) {
      if (run.exhausted()) {
        return result(wanted, false);
      }
      boolean complete =
          locked.size() < wanted ? extend(start, wanted - locked.size()) : verify(start, wanted);
      if (complete) {
        return result(wanted, true);
      }
      start = LanczosRun.randomUnitOutside(lockedRight, operator.columns(), random);
    }
    return result(wanted, true);
  }

  /** Locks up to {@code missing} triplets; true if the rest of the operator is zero. */
  private boolean extend(double[] start, int missing) {
    Bidiagonalization basis = run.begin(lockedLeft, lockedRight, missing, largest, start);
    SmallSvd ritz =
        run.iterate(
            basis,
            missing,
            LanczosRun.StopTest.when(
                (b, svd) -> svd.size() >= missing && convergedCount(b, svd, missing) == missing));
    largest = Math.max(largest, ritz.value(0));
    if (ritz.value(0) <= NEGLIGIBLE * largest && basis.invariant()) {
      return true;
    }
    lock(basis, ritz, convergedCount(basis, ritz, Math.min(missing, ritz.size())));
    return false;
  }

  /** Looks for values above the smallest one wanted and locks them; true if there is none. */
  private boolean verify(double[] start, int wanted) {
    double threshold = descending().get(wanted - 1) + tolerance / 2 * largest;
    Bidiagonalization basis = run.begin(lockedLeft, lockedRight, 1, largest, start);
    if (run.certify(basis, threshold, LanczosSearch.VERIFICATION_TRUST)
        == LanczosRun.Certificate.GRANTED) {
      return true;
    }
    SmallSvd ritz =
        run.iterate(
            basis,
            1,
            LanczosRun.StopTest.when(
                (b, svd) -> {
                  int goal = above(svd, threshold);
                  return goal == 0 ? nothingMissed(b, svd) : convergedCount(b, svd, goal) == goal;
                }));
    int above = above(ritz, threshold);
    lock(basis, ritz, convergedCount(basis, ritz, above));
    return above == 0 && nothingMissed(basis, ritz);
  }

  private boolean nothingMissed(Bidiagonalization basis, SmallSvd ritz) {
    double allowed = tolerance / 2 * largest;
    return basis.residual(ritz, 0) <= allowed
        && run.shortfall(basis, ritz, LanczosSearch.VERIFICATION_TRUST) <= allowed;
  }

  private static int above(SmallSvd ritz, double threshold) {
    int count = 0;
    while (count < ritz.size() && ritz.value(count) > threshold) {
      count++;
    }
    return count;
  }

  /** How many of the first {@code limit} triplets have converged, up to the first that has not. */
  private int convergedCount(Bidiagonalization basis, SmallSvd ritz, int limit) {
    double allowed = RESIDUAL_SHARE * tolerance * Math.max(largest, ritz.value(0));
    int count = 0;
    while (count < limit && basis.residual(ritz, count) <= allowed) {
      count++;
    }
    return count;
  }

  private void lock(Bidiagonalization basis, SmallSvd ritz, int count) {
    List<double[]> lefts = new ArrayList<>();
    List<double[]> rights = new ArrayList<>();
    for (int i = 0; i < count && ritz.value(i) > NEGLIGIBLE * largest; i++) {
      lefts.add(basis.ritzLeft(ritz, i));
      rights.add(basis.ritzRight(ritz, i));
      locked.add(ritz.value(i));
    }
    // Only now: the process reads these lists.
    lockedLeft.addAll(lefts);
    lockedRight.addAll(rights);
  }

  private List<Double> descending() {
    List<Double> sorted = new ArrayList<>(locked);
    sorted.sort(Collections.reverseOrder());
    return sorted;
  }

  private SingularValues result(int wanted, boolean converged) {
    double[] values = new double[wanted];
    List<Double> sorted = descending();
    for (int i = 0; i < Math.min(wanted, sorted.size()); i++) {
      values[i] = operator.unscale(sorted.get(i));
    }
    return new SingularValues(values, run.iterations(), operator.products(), converged);
  }
}
