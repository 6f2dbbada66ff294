package org.widthwise.core.spectral;

import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;

/** Drives bidiagonalisations of one operator, with restarts, within one budget of iterations. */
final class LanczosRun {
  /** Bounds memory at this many vectors a side unless more values are sought. */
  private static final int BASIS = 96;

  /**
   * Checks are a seventh of the basis apart: their cubic cost stays a small multiple of the last.
   */
  private static final int CHECK_SHARE = 7;

  /** No check is put off by more than this share of the basis, whatever the pace foretells. */
  private static final int LONGEST_SHARE = 3;

  /** Convergence quickens, so the next check comes before the time that the pace foretells. */
  private static final double EARLY = 0.8;

  private final MeteredOperator operator;
  private final int maxIterations;
  private int iterations;

  /** What the growth of the Lanczos polynomial says about singular values above a threshold. */
  enum Certificate {
    /** There is none, unless the random start was nearly orthogonal to its singular vector. */
    GRANTED,
    /** A Ritz value, and therefore a singular value, lies there. */
    DENIED,
    /** The basis is full or the iterations are used up. */
    OPEN
  }

  /** Decides whether a process may stop. */
  interface StopTest {
    /** A test whose way to the end cannot be told. */
    static StopTest when(BiPredicate<Bidiagonalization, SmallSvd> satisfied) {
      return (basis, ritz) -> satisfied.test(basis, ritz) ? 0 : Double.POSITIVE_INFINITY;
    }

    /** How many times too large the residual still is; at most 1, or NaN for 0 of 0, to stop. */
    double excess(Bidiagonalization basis, SmallSvd ritz);
  }

  LanczosRun(MeteredOperator operator, int maxIterations) {
    this.operator = operator;
    this.maxIterations = maxIterations;
  }

  int iterations() {
    return iterations;
  }

  boolean exhausted() {
    return iterations >= maxIterations;
  }

  /** Begins a process for the given number of singular triplets outside the locked ones. */
  Bidiagonalization begin(
      List<double[]> lockedLeft,
      List<double[]> lockedRight,
      int target,
      double largest,
      double[] start) {
    // One more right vector than rows: the last of them shows that the left space is used up.
    int outside =
        Math.min(operator.rows() + 1 - lockedLeft.size(), operator.columns() - lockedRight.size());
    int capacity = Math.min(outside, Math.max(BASIS, 2 * target + BASIS / 2));
    return new Bidiagonalization(operator, lockedLeft, lockedRight, capacity, largest, start);
  }

  /**
   * Steps and restarts until the test is satisfied, the spaces are invariant or the iterations are
   * used up; at least one step is made.
   */
  SmallSvd iterate(Bidiagonalization basis, int target, StopTest test) {
    int nextCheck = 0;
    Pace pace = new Pace();
    while (true) {
      boolean full = basis.size() == basis.capacity();
      boolean last = basis.invariant() || exhausted();
      if (basis.size() > 0 && (full || last || basis.steps() >= nextCheck)) {
        SmallSvd ritz = basis.ritz();
        double excess = test.excess(basis, ritz);
        if (last || !(excess > 1)) {
          return ritz;
        }
        if (full) {
          int extra = Math.max(8, (basis.capacity() - target) / 3);
          basis.restart(ritz, Math.min(target + extra, basis.size() - 1));
        }
        nextCheck = basis.steps() + pace.wait(basis.steps(), basis.size(), excess);
      }
      basis.step();
      iterations++;
    }
  }

  /** How fast the residual fell from check to check. */
  private static final class Pace {
    private int steps;
    private double excess = Double.POSITIVE_INFINITY;

    /** How many steps to take before the next check. */
    int wait(int stepsNow, int size, double excessNow) {
      double fall = Math.log(excess / excessNow) / (stepsNow - steps);
      steps = stepsNow;
      excess = excessNow;
      int shortest = Math.max(1, size / CHECK_SHARE);
      if (!(fall > 0) || Double.isInfinite(fall)) {
        return shortest;
      }
      double foretold = EARLY * Math.log(excessNow) / fall;
      return (int) Math.max(shortest, Math.min((double) size / LONGEST_SHARE, foretold));
    }
  }

  /**
   * Asks a fresh process with a random start whether singular values above a threshold exist.
   *
   * <p>The next basis vector is {@code p(AᵀA)} times the start and has length 1. A singular value
   * {@code σ} above all Ritz values whose vector has the component {@code c} in the start therefore
   * obeys {@code c · p(σ²) ≤ 1}, and {@code p} grows beyond its roots. Once {@code p(threshold²)}
   * exceeds {@code √n / trust}, only a start with {@code c < trust/√n} can hide one (M. E.
   * Hochstenbach, "Probabilistic upper bounds for the matrix two-norm", J. Sci. Comput. 57, 2013).
   * The signs of the sequence tell whether Ritz values passed the threshold, as in Sturm's theorem.
   */
  Certificate certify(Bidiagonalization basis, double threshold, double trust) {
    if (threshold <= 0) {
      return Certificate.DENIED;
    }
    double needed = Math.sqrt(operator.columns()) / trust;
    double p = 1;
    double q = 0;
    double beta = 0;
    while (basis.size() < basis.capacity() && !exhausted()) {
      basis.step();
      iterations++;
      if (basis.invariant()) {
        boolean below = basis.ritz().value(0) <= threshold;
        return below ? Certificate.GRANTED : Certificate.DENIED;
      }
      double alpha = basis.alpha();
      q = (p - beta * q) / alpha;
      beta = basis.beta();
      p = (threshold * threshold * q - alpha * p) / beta;
      if (p <= 0) {
        return Certificate.DENIED;
      }
      if (p >= needed) {
        return Certificate.GRANTED;
      }
    }
    return Certificate.OPEN;
  }

  /**
   * Bounds how far the largest Ritz value of a process with a random start lies below the largest
   * singular value outside the locked ones.
   *
   * <p>The Ritz vector is a polynomial of {@code AᵀA} in the start vector whose roots lie below the
   * Ritz value, so a singular vector of a larger value, present in the start by {@code c}, is
   * present in the Ritz vector by {@code c / s} or more, {@code s} being the overlap of start and
   * Ritz vector; its distance then shows in the residual.
   *
   * @param trust the start is taken to have a component of at least {@code trust/√n}
   */
  double shortfall(Bidiagonalization basis, SmallSvd ritz, double trust) {
    if (basis.invariant()) {
      return 0;
    }
    double overlap = basis.overlapWithStart(basis.ritzRight(ritz, 0));
    double deficiency = Math.max(1, overlap * Math.sqrt(operator.columns()));
    return basis.residual(ritz, 0) * deficiency / trust;
  }

  /** A random unit vector orthogonal to the given orthonormal ones. */
  static double[] randomUnitOutside(List<double[]> others, int length, Random random) {
    double[] x = Vectors.randomUnit(length, random);
    for (int pass = 0; pass < 2; pass++) {
      for (double[] other : others) {
        Vectors.add(-Vectors.dot(other, x), other, x);
      }
      Vectors.normalize(x);
    }
    return x;
  }
}
