package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.widthwise.core.spectral.OddQuintic;
import org.widthwise.core.spectral.PolarIteration;

/**
 * The polar factor {@code U·Vᵀ} of a matrix {@code U·S·Vᵀ}, by polynomials of it. They need matrix
 * products only, which is what DJL has.
 */
final class PolarFactor {

  private PolarFactor() {}

  /**
   * Brings the singular values of a matrix, or of each in a stack, near 1; a vector, or a matrix of
   * one row or column, is divided by its length.
   *
   * @param maps shape {@code [n]}, {@code [rows, columns]} or {@code [count, rows, columns]}
   * @param iteration the polynomials, for matrices
   * @param epsilon added to the Frobenius norm by which each is divided first
   * @return a new array of the same shape; zeros for zeros
   */
  static NDArray of(NDArray maps, PolarIteration iteration, double epsilon) {
    Shape shape = maps.getShape();
    if (shape.dimension() < 2) {
      return Quotients.of(maps, maps.square().sum().sqrt().addi(epsilon));
    }
    int rows = shape.dimension() - 2;
    int columns = shape.dimension() - 1;
    NDArray length = maps.square().sum(new int[] {rows, columns}, true).sqrt().addi(epsilon);
    NDArray unit = Quotients.of(maps, length);
    long shorter = Math.min(shape.get(rows), shape.get(columns));
    if (shorter == 1) {
      return unit;
    }
    // The products are of the shorter side's size.
    boolean tall = shape.get(rows) > shape.get(columns);
    NDArray x = tall ? unit.swapAxes(rows, columns) : unit;
    for (OddQuintic step : iteration.steps()) {
      NDArray gram = x.matMul(x.swapAxes(rows, columns));
      NDArray polynomial = gram.mul(step.b()).addi(gram.matMul(gram).muli(step.c()));
      x = x.mul(step.a()).addi(polynomial.matMul(x));
    }
    return tall ? x.swapAxes(rows, columns) : x;
  }
}
