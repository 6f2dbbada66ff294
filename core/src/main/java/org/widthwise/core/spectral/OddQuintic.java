package org.widthwise.core.spectral;

/**
 * An odd polynomial of the fifth degree, {@code p(x) = a·x + b·x³ + c·x⁵}. On a matrix it acts on
 * the singular values alone: {@code p(X) = a·X + b·X·Xᵀ·X + c·X·Xᵀ·X·Xᵀ·X = U·p(S)·Vᵀ}.
 *
 * @param a the coefficient of x, the slope at 0
 * @param b the coefficient of x³
 * @param c the coefficient of x⁵; 0 for a cubic
 */
public record OddQuintic(double a, double b, double c) {

  /**
   * The value at a point.
   *
   * @param x the point
   * @return p(x)
   */
  public double at(double x) {
    double square = x * x;
    return x * (a + square * (b + square * c));
  }

  /**
   * The polynomial times a number.
   *
   * @param factor the number
   * @return factor · p
   */
  OddQuintic times(double factor) {
    return new OddQuintic(factor * a, factor * b, factor * c);
  }

  /**
   * The polynomial of a stretched variable.
   *
   * @param factor the number by which x is divided
   * @return x ↦ p(x / factor)
   */
  OddQuintic stretched(double factor) {
    double square = factor * factor;
    return new OddQuintic(a / factor, b / (factor * square), c / (factor * square * square));
  }
}
