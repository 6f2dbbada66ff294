package org.widthwise.core.spectral;

import java.util.ArrayList;
import java.util.List;

/**
 * The Polar Express: the odd polynomial closest to 1 on {@code [l, 1]} among all compositions of a
 * given number of quintics (N. Amsel, D. Persson, C. Musco, R. Gower, "The Polar Express: optimal
 * matrix sign methods and their application to the Muon algorithm", arXiv:2505.16932). It is found
 * greedily: each step is the quintic closest to 1 on the interval that the steps before lead to.
 *
 * <p>Half precision makes two changes to it necessary, both as published:
 *
 * <ul>
 *   <li>Cushion: a step is fitted to no more than {@code [cushion · u, u]}, for otherwise it would
 *       press large values so far down that rounding could make them vanish; it is then rescaled to
 *       be centred at 1 between the images of l and u.
 *   <li>Safety: every step but the last takes its values divided by 1 + safety, so that a value
 *       which rounding took beyond u does not run away. The last step is left alone, since nothing
 *       comes after it that its values could leave.
 * </ul>
 *
 * <p>Instances are immutable.
 */
public final class PolarExpress {

  private final double lowerBound;
  private final int steps;
  private final double cushion;
  private final double safety;

  private PolarExpress(double lowerBound, int steps, double cushion, double safety) {
    this.lowerBound = lowerBound;
    this.steps = steps;
    this.cushion = cushion;
    this.safety = safety;
  }

  /**
   * The settings in use: l = 10⁻³, five steps, cushion 0.02 and safety 0.02.
   *
   * @return the settings
   */
  public static PolarExpress withDefaults() {
    return new PolarExpress(1e-3, 5, 0.02, 0.02);
  }

  /**
   * Sets the singular value from which on the iteration is to be close.
   *
   * @param newLowerBound l, above 0 and below 1
   * @return the settings
   * @throws IllegalArgumentException if it is not
   */
  public PolarExpress withLowerBound(double newLowerBound) {
    if (!(newLowerBound > 0 && newLowerBound < 1)) {
      throw new IllegalArgumentException(
          "the lower bound of Polar Express must be above 0 and below 1, but is " + newLowerBound);
    }
    return new PolarExpress(newLowerBound, steps, cushion, safety);
  }

  /**
   * Sets the number of quintics.
   *
   * @param newSteps at least 1
   * @return the settings
   * @throws IllegalArgumentException if it is not positive
   */
  public PolarExpress withSteps(int newSteps) {
    if (newSteps < 1) {
      throw new IllegalArgumentException(
          "Polar Express needs at least 1 step, but is to take " + newSteps);
    }
    return new PolarExpress(lowerBound, newSteps, cushion, safety);
  }

  /**
   * Sets the share of the interval's upper end below which no step is fitted.
   *
   * @param newCushion at least 0 and below 1; 0 for the optimum itself
   * @return the settings
   * @throws IllegalArgumentException if it is out of its range
   */
  public PolarExpress withCushion(double newCushion) {
    if (!(newCushion >= 0 && newCushion < 1)) {
      throw new IllegalArgumentException(
          "the cushion of Polar Express must be at least 0 and below 1, but is " + newCushion);
    }
    return new PolarExpress(lowerBound, steps, newCushion, safety);
  }

  /**
   * Sets how far beyond its interval a step must bear values.
   *
   * @param newSafety at least 0 and below 1; 0 for the optimum itself
   * @return the settings
   * @throws IllegalArgumentException if it is out of its range
   */
  public PolarExpress withSafety(double newSafety) {
    if (!(newSafety >= 0 && newSafety < 1)) {
      throw new IllegalArgumentException(
          "the safety of Polar Express must be at least 0 and below 1, but is " + newSafety);
    }
    return new PolarExpress(lowerBound, steps, cushion, newSafety);
  }

  /**
   * Finds the coefficients.
   *
   * @return the steps
   */
  public PolarIteration iteration() {
    List<OddQuintic> found = new ArrayList<>();
    double lower = lowerBound;
    double upper = 1;
    for (int step = 1; step <= steps; step++) {
      double fitted = Math.max(lower, cushion * upper);
      OddQuintic polynomial = MinimaxQuintic.on(fitted, upper);
      if (fitted > lower) {
        polynomial = polynomial.times(2 / (polynomial.at(lower) + polynomial.at(upper)));
      }
      if (step < steps) {
        polynomial = polynomial.stretched(1 + safety);
      }
      found.add(polynomial);
      lower = polynomial.at(lower);
      upper = 2 - lower;
    }
    return new PolarIteration(found);
  }
}
