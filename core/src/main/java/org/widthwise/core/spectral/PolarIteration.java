package org.widthwise.core.spectral;

import java.util.ArrayList;
import java.util.List;

/**
 * Polynomials one after another that take every singular value in (0, 1] towards 1, and so a matrix
 * {@code U·S·Vᵀ} towards its polar factor {@code U·Vᵀ}, with nothing but products of matrices.
 *
 * <p>How close they come for singular values from 0.01 to 1 is in the last column; below, values
 * grow by the product of the slopes, and 0 stays 0.
 *
 * <table>
 *   <caption>Sets of coefficients</caption>
 *   <tr><th>iteration</th><th>products a matrix</th><th>[0.01, 1] goes to</th></tr>
 *   <tr><td>{@link #kellerJordan()}</td><td>15</td><td>[0.682, 1.134]</td></tr>
 *   <tr><td>{@link #modula()}</td><td>18</td><td>[0.9956, 0.9993]</td></tr>
 *   <tr><td>{@link #polarExpress()}</td><td>15</td><td>[0.859, 1.141]</td></tr>
 *   <tr><td>{@link #cubic()}</td><td>10</td><td>[0.076, 1]</td></tr>
 * </table>
 *
 * @param steps the polynomials, the first of which sees the matrix; at least one
 */
public record PolarIteration(List<OddQuintic> steps) {

  private static final int USUAL_STEPS = 5;

  /** The denominator of the coefficients below. */
  private static final double UNIT = 1024;

  /**
   * Copies the steps.
   *
   * @param steps the polynomials, at least one
   * @throws IllegalArgumentException if there is none
   */
  public PolarIteration {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("an iteration towards the polar factor needs a step");
    }
  }

  /**
   * One polynomial several times.
   *
   * @param polynomial the polynomial
   * @param count how many times, at least 1
   * @return the iteration
   * @throws IllegalArgumentException if the count is not positive
   */
  public static PolarIteration repeated(OddQuintic polynomial, int count) {
    List<OddQuintic> steps = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      steps.add(polynomial);
    }
    return new PolarIteration(steps);
  }

  /**
   * K. Jordan's quintic five times (the Muon of 2024): chosen for its slope at 0, so that small
   * values rise fast, and it then leaves them in a wide band about 1 rather than converge.
   *
   * @return (3.4445, −4.7750, 2.0315), five times
   */
  public static PolarIteration kellerJordan() {
    return repeated(new OddQuintic(3.4445, -4.7750, 2.0315), USUAL_STEPS);
  }

  /**
   * Six steps, each with its own coefficients, found by J. You's numerical optimisation and used by
   * the Modula package: the closest of the sets here, and never above 1.
   *
   * @return the six steps
   */
  public static PolarIteration modula() {
    return new PolarIteration(
        List.of(
            new OddQuintic(3955 / UNIT, -8306 / UNIT, 5008 / UNIT),
            new OddQuintic(3735 / UNIT, -6681 / UNIT, 3463 / UNIT),
            new OddQuintic(3799 / UNIT, -6499 / UNIT, 3211 / UNIT),
            new OddQuintic(4019 / UNIT, -6385 / UNIT, 2906 / UNIT),
            new OddQuintic(2677 / UNIT, -3029 / UNIT, 1162 / UNIT),
            new OddQuintic(2172 / UNIT, -1833 / UNIT, 682 / UNIT)));
  }

  /**
   * The classical Newton–Schulz iteration {@code (3x − x³)/2} five times: it converges from
   * everywhere in (0, √3), but from small values slowly.
   *
   * @return (1.5, −0.5, 0), five times
   */
  public static PolarIteration cubic() {
    return repeated(new OddQuintic(1.5, -0.5, 0), USUAL_STEPS);
  }

  /**
   * The best composition of five quintics, with the safety that half precision needs.
   *
   * @return the steps of {@link PolarExpress#withDefaults()}
   */
  public static PolarIteration polarExpress() {
    return PolarExpress.withDefaults().iteration();
  }

  /**
   * What becomes of one singular value.
   *
   * @param singularValue the value, from 0 to 1
   * @return the value after the last step
   */
  public double at(double singularValue) {
    double value = singularValue;
    for (OddQuintic step : steps) {
      value = step.at(value);
    }
    return value;
  }
}
