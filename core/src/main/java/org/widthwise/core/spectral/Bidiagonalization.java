package org.widthwise.core.spectral;

import java.util.Arrays;
import java.util.List;

/**
 * The state of a Golub–Kahan–Lanczos process: orthonormal bases {@code V} and {@code U} with {@code
 * A V = U B} and {@code Aᵀ U = V Bᵀ + β v eᵀ}, extended by {@link #step()} and compressed by {@link
 * #restart}.
 *
 * <p>Both bases are reorthogonalised fully: with a bounded basis this costs less than the products,
 * and no copy of a converged singular value can appear by rounding alone. Locked singular vectors
 * are kept out of both bases, so the process sees the operator deflated by them.
 */
final class Bidiagonalization {
  /** Coefficients below this many roundings of the norm seen so far are rounding errors. */
  private static final double NEGLIGIBLE = 16 * 0x1p-52;

  /**
   * A vector that kept this share of its length had too little in the basis to need a second pass.
   */
  private static final double TWICE_IS_ENOUGH = 0.7;

  private final MeteredOperator operator;
  private final List<double[]> lockedLeft;
  private final List<double[]> lockedRight;
  private final double[] start;
  private final double[][] right;
  private final double[][] left;
  private final double[][] projected;
  private final double[] coupling;
  private double[] next;
  private int size;
  private double beta;
  private double largest;
  private boolean invariant;
  private int steps;

  /**
   * Prepares a process.
   *
   * @param operator the operator
   * @param lockedLeft left singular vectors to keep out
   * @param lockedRight right singular vectors to keep out
   * @param capacity how many vectors each basis may hold, at least 1
   * @param largest a magnitude against which rounding errors are judged, 0 if none is known
   * @param start a unit vector orthogonal to {@code lockedRight}
   */
  Bidiagonalization(
      MeteredOperator operator,
      List<double[]> lockedLeft,
      List<double[]> lockedRight,
      int capacity,
      double largest,
      double[] start) {
    this.operator = operator;
    this.lockedLeft = lockedLeft;
    this.lockedRight = lockedRight;
    this.start = start;
    this.next = start.clone();
    this.right = new double[capacity][];
    this.left = new double[capacity][];
    this.projected = new double[capacity][capacity];
    this.coupling = new double[capacity];
    this.largest = largest;
  }

  int size() {
    return size;
  }

  int capacity() {
    return right.length;
  }

  /** How many steps were made; each is one product with the operator and one with its transpose. */
  int steps() {
    return steps;
  }

  /** True once the bases span invariant subspaces: all singular values of B are the operator's. */
  boolean invariant() {
    return invariant;
  }

  /** The last diagonal entry of B. */
  double alpha() {
    return projected[size - 1][size - 1];
  }

  /** The norm of what is left outside the bases; 0 if {@link #invariant()}. */
  double beta() {
    return beta;
  }

  /** Extends both bases by one vector. Not to be called when full or invariant. */
  void step() {
    int k = size;
    double[] v = next;
    right[k] = v;
    double[] u = new double[operator.rows()];
    operator.apply(v, u);
    for (int i = 0; i < k; i++) {
      projected[i][k] = coupling[i];
      if (coupling[i] != 0) {
        Vectors.add(-coupling[i], left[i], u);
      }
    }
    double alpha = orthogonalize(u, left, k, lockedLeft);
    largest = Math.max(largest, alpha);
    left[k] = u;
    size = k + 1;
    steps++;
    if (k + lockedLeft.size() >= operator.rows() || alpha <= NEGLIGIBLE * largest) {
      // A v lies in the span of U already: the spaces are invariant without a new left vector.
      Arrays.fill(u, 0);
      projected[k][k] = 0;
      becomeInvariant();
      return;
    }
    scale(u, 1 / alpha);
    projected[k][k] = alpha;

    double[] w = new double[operator.columns()];
    operator.applyTransposed(u, w);
    Vectors.add(-alpha, v, w);
    beta = orthogonalize(w, right, size, lockedRight);
    largest = Math.max(largest, beta);
    if (size + lockedRight.size() >= operator.columns() || beta <= NEGLIGIBLE * largest) {
      becomeInvariant();
      return;
    }
    scale(w, 1 / beta);
    next = w;
    Arrays.fill(coupling, 0);
    if (size < capacity()) {
      coupling[k] = beta;
    }
  }

  private void becomeInvariant() {
    beta = 0;
    invariant = true;
  }

  /** The singular value decomposition of B. */
  SmallSvd ritz() {
    return SmallSvd.of(projected, size);
  }

  /**
   * The norm of {@code Aᵀ u − σ v} for the Ritz triplet of the given rank; {@code A v = σ u} holds.
   */
  double residual(SmallSvd ritz, int rank) {
    return beta * Math.abs(ritz.left(rank)[size - 1]);
  }

  /** The right Ritz vector of the given rank. */
  double[] ritzRight(SmallSvd ritz, int rank) {
    return combine(right, ritz.right(rank), operator.columns());
  }

  /** The left Ritz vector of the given rank; zero where the Ritz value is zero. */
  double[] ritzLeft(SmallSvd ritz, int rank) {
    return combine(left, ritz.left(rank), operator.rows());
  }

  /** The cosine of the angle between the start vector and a vector. */
  double overlapWithStart(double[] vector) {
    return Math.abs(Vectors.dot(start, vector));
  }

  /**
   * Replaces the bases by the Ritz vectors of the largest values, so that steps can go on: thick
   * restart. The residuals of the kept triplets all point along the next vector, which couples to
   * each of them in the next column of B.
   *
   * @param ritz the decomposition of B
   * @param keep how many triplets to keep, less than the size
   */
  void restart(SmallSvd ritz, int keep) {
    double[][] keptRight = new double[keep][];
    double[][] keptLeft = new double[keep][];
    for (int i = 0; i < keep; i++) {
      keptRight[i] = ritzRight(ritz, i);
      keptLeft[i] = ritzLeft(ritz, i);
    }
    Arrays.fill(coupling, 0);
    for (int i = 0; i < keep; i++) {
      coupling[i] = beta * ritz.left(i)[size - 1];
    }
    for (double[] row : projected) {
      Arrays.fill(row, 0);
    }
    Arrays.fill(right, null);
    Arrays.fill(left, null);
    for (int i = 0; i < keep; i++) {
      projected[i][i] = ritz.value(i);
      right[i] = keptRight[i];
      left[i] = keptLeft[i];
    }
    size = keep;
    orthogonalize(next, right, size, lockedRight);
    Vectors.normalize(next);
  }

  private double[] combine(double[][] basis, double[] weights, int length) {
    double[] sum = new double[length];
    for (int j = 0; j < size; j++) {
      Vectors.add(weights[j], basis[j], sum);
    }
    return sum;
  }

  /**
   * Removes from a vector what lies along the basis and the locked vectors; returns what is left.
   */
  private static double orthogonalize(
      double[] vector, double[][] basis, int count, List<double[]> locked) {
    double before = Vectors.norm(vector);
    for (int pass = 0; pass < 3; pass++) {
      for (double[] unit : locked) {
        Vectors.add(-Vectors.dot(unit, vector), unit, vector);
      }
      for (int i = 0; i < count; i++) {
        Vectors.add(-Vectors.dot(basis[i], vector), basis[i], vector);
      }
      double after = Vectors.norm(vector);
      if (after >= TWICE_IS_ENOUGH * before) {
        return after;
      }
      before = after;
    }
    return before;
  }

  private static void scale(double[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }
}
