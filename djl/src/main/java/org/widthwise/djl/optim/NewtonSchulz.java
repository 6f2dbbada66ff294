package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;

/**
 * Newton–Schulz iteration with Muon's quintic, {@code X ← a·X + b·XXᵀX + c·(XXᵀ)²X}, which acts on
 * the singular values alone, {@code s ← a·s + b·s³ + c·s⁵}: after five steps all that were not tiny
 * lie between about 0.7 and 1.2. It needs matrix products only, which is what DJL has.
 */
final class NewtonSchulz {

  /** K. Jordan's coefficients, chosen for the steepest rise at 0 rather than for convergence. */
  private static final double A = 3.4445;

  private static final double B = -4.7750;
  private static final double C = 2.0315;

  private NewtonSchulz() {}

  /**
   * Brings the singular values of a matrix, or of each in a stack, near 1.
   *
   * @param matrices shape {@code [rows, columns]} or {@code [count, rows, columns]}
   * @param steps the number of steps
   * @param epsilon added to the Frobenius norm by which each matrix is divided first
   * @return a new array of the same shape; zeros for a matrix of zeros
   */
  static NDArray orthogonalize(NDArray matrices, int steps, double epsilon) {
    int rank = matrices.getShape().dimension();
    int rows = rank - 2;
    int columns = rank - 1;
    NDArray length = matrices.square().sum(new int[] {rows, columns}, true).sqrt().addi(epsilon);
    NDArray x = Quotients.of(matrices, length);
    // The products are of the shorter side's size.
    boolean tall = matrices.getShape().get(rows) > matrices.getShape().get(columns);
    x = tall ? x.swapAxes(rows, columns) : x;
    for (int step = 0; step < steps; step++) {
      NDArray gram = x.matMul(x.swapAxes(rows, columns));
      NDArray polynomial = gram.mul(B).addi(gram.matMul(gram).muli(C));
      x = x.mul(A).addi(polynomial.matMul(x));
    }
    return tall ? x.swapAxes(rows, columns) : x;
  }
}
