package org.widthwise.core.spectral;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One search for the largest singular value: a cold start, or a warm start and its verification.
 */
final class LanczosSearch {
  /**
   * Share of its expected size, {@code 1/√n}, that the random start's component along the top
   * singular vector is trusted to have. It falls short in less than one case in 100, and then it
   * matters only if a second singular value lies within some tolerances of the first.
   */
  private static final double COLD_TRUST = 0.01;

  /**
   * The same for verifying a warm start, where less is trusted: the start may be an exact singular
   * vector of a lesser value, and then this component is all that speaks against it.
   */
  static final double VERIFICATION_TRUST = 1e-4;

  /** A warm start has converged for the time being at this multiple of √tolerance. */
  private static final double WARM_RESIDUAL = 0.01;

  private static final double EPSILON = 0x1p-52;

  private final LanczosRun run;
  private final MeteredOperator operator;
  private final double tolerance;
  private final Random random;

  LanczosSearch(LinearOperator operator, double tolerance, int maxIterations, long seed) {
    this.operator = new MeteredOperator(operator);
    this.tolerance = tolerance;
    this.random = new Random(seed);
    this.run = new LanczosRun(this.operator, maxIterations);
  }

  SingularTriplet largest(double @Nullable [] warm) {
    if (operator.rows() == 0 || operator.columns() == 0) {
      return zero();
    }
    double[] probe = Vectors.randomUnit(operator.columns(), random);
    if (!operator.measure(probe)) {
      return zero();
    }
    if (warm != null) {
      double[] start = warm.clone();
      Vectors.normalize(start);
      SingularTriplet found = warmStarted(start);
      if (found != null) {
        return found;
      }
    }
    return coldStarted(probe);
  }

  private SingularTriplet zero() {
    return new SingularTriplet(
        0,
        Vectors.firstAxis(operator.rows()),
        Vectors.firstAxis(operator.columns()),
        0,
        operator.products(),
        true,
        0);
  }

  private SingularTriplet coldStarted(double[] start) {
    Bidiagonalization basis = run.begin(List.of(), List.of(), 1, 0, start);
    SmallSvd ritz = run.iterate(basis, 1, this::coldExcess);
    double estimate = coldError(basis, ritz);
    return triplet(basis, ritz, estimate <= tolerance, estimate);
  }

  private double coldExcess(Bidiagonalization basis, SmallSvd ritz) {
    // What is cheap to tell is a bound of the rest from below.
    double least = basis.residual(ritz, 0) / (COLD_TRUST * tolerance * ritz.value(0));
    return least > 1 ? least : coldError(basis, ritz) / tolerance;
  }

  private double coldError(Bidiagonalization basis, SmallSvd ritz) {
    double value = ritz.value(0);
    return Math.max(EPSILON, run.shortfall(basis, ritz, COLD_TRUST) / value);
  }

  /** The verified triplet; null where only a cold start can tell. */
  private @Nullable SingularTriplet warmStarted(double[] start) {
    Bidiagonalization basis = run.begin(List.of(), List.of(), 1, 0, start);
    double share = Math.max(WARM_RESIDUAL * Math.sqrt(tolerance), tolerance / 4);
    SmallSvd ritz = run.iterate(basis, 1, (b, svd) -> b.residual(svd, 0) / (share * svd.value(0)));
    double value = ritz.value(0);
    double residual = basis.residual(ritz, 0);
    if (value == 0 || residual > share * value) {
      return run.exhausted() ? triplet(basis, ritz, false, Double.POSITIVE_INFINITY) : null;
    }
    if (Math.min(operator.rows(), operator.columns()) == 1) {
      return triplet(basis, ritz, true, EPSILON);
    }
    // With everything else below θ − g, coupling through the residual r lifts σ₁ by at most r²/g.
    // A residual within the tolerance lifts it by at most r, with no need of a gap.
    boolean tight = residual <= tolerance / 4 * value;
    double threshold =
        tight
            ? value * (1 + tolerance / 2)
            : value - 2 * (residual / value) * (residual / tolerance);
    double estimate = tight ? 0.75 * tolerance : 0.5 * tolerance;
    if (run.exhausted()) {
      return triplet(basis, ritz, false, Double.POSITIVE_INFINITY);
    }
    if (nothingHiddenAbove(threshold, basis, ritz)) {
      return triplet(basis, ritz, true, estimate);
    }
    return run.exhausted() ? triplet(basis, ritz, false, Double.POSITIVE_INFINITY) : null;
  }

  private boolean nothingHiddenAbove(double threshold, Bidiagonalization found, SmallSvd ritz) {
    List<double[]> left = List.of(found.ritzLeft(ritz, 0));
    List<double[]> right = List.of(found.ritzRight(ritz, 0));
    double[] start = LanczosRun.randomUnitOutside(right, operator.columns(), random);
    Bidiagonalization basis = run.begin(left, right, 1, ritz.value(0), start);
    return run.certify(basis, threshold, VERIFICATION_TRUST) == LanczosRun.Certificate.GRANTED;
  }

  private SingularTriplet triplet(
      Bidiagonalization basis, SmallSvd ritz, boolean converged, double estimate) {
    double[] left = basis.ritzLeft(ritz, 0);
    if (ritz.value(0) > 0) {
      Vectors.normalize(left);
    } else {
      left = Vectors.firstAxis(operator.rows());
    }
    double[] right = basis.ritzRight(ritz, 0);
    Vectors.normalize(right);
    return new SingularTriplet(
        operator.unscale(ritz.value(0)),
        left,
        right,
        run.iterations(),
        operator.products(),
        converged,
        estimate);
  }
}
