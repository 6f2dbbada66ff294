package org.widthwise.lab.experiment;

import org.widthwise.core.fit.ExponentClaim;
import org.widthwise.core.fit.Interval;

/**
 * What the paper says of a curve. All are judged by one rule: the 95 % confidence interval of what
 * was measured lies within what is accepted ({@code holds}), outside ({@code fails}), or across its
 * edge ({@code undecided}).
 */
public sealed interface Prediction {

  /**
   * The curve is a power law.
   *
   * @param value the exponent
   * @param spacing by how much the theory's possible exponents differ at least: two fifths of it is
   *     how far the measured one may be, so that it is nearer to the prediction than to any other
   *     possible exponent with a margin for finite width
   */
  record Exponent(double value, double spacing) implements Prediction {

    /** The part of half the spacing that is left when a margin for finite width is taken off. */
    private static final double SHARE_OF_SPACING = 0.4;

    /**
     * How far the measured exponent may be from the predicted one.
     *
     * @return two fifths of the spacing
     */
    public double tolerance() {
      return SHARE_OF_SPACING * spacing;
    }

    ExponentClaim claim() {
      return ExponentClaim.of(value, tolerance());
    }
  }

  /**
   * The curve's mean stays within bounds at every abscissa.
   *
   * @param accepted the bounds; either may be infinite
   */
  record Level(Interval accepted) implements Prediction {}

  /** The paper says nothing: the curve is only drawn. */
  record None() implements Prediction {}

  /**
   * A power law among exponents that are multiples of ½, as the paper's are.
   *
   * @param value the exponent
   * @return the prediction, with a tolerance of 0.2
   */
  static Prediction exponent(double value) {
    return new Exponent(value, 0.5);
  }

  /**
   * A power law among exponents that are multiples of ¼.
   *
   * @param value the exponent
   * @return the prediction, with a tolerance of 0.1
   */
  static Prediction quarterExponent(double value) {
    return new Exponent(value, 0.25);
  }

  /**
   * Independence of the abscissa, Θ(1).
   *
   * @return an exponent of 0 among multiples of ½
   */
  static Prediction flat() {
    return exponent(0);
  }

  /**
   * Values within bounds.
   *
   * @param low the smallest accepted mean
   * @param high the largest accepted mean
   * @return the prediction
   */
  static Prediction within(double low, double high) {
    return new Level(new Interval(low, high));
  }

  /**
   * Values that are not above a bound.
   *
   * @param high the largest accepted mean
   * @return the prediction
   */
  static Prediction atMost(double high) {
    return within(Double.NEGATIVE_INFINITY, high);
  }

  /**
   * Values that are not below a bound.
   *
   * @param low the smallest accepted mean
   * @return the prediction
   */
  static Prediction atLeast(double low) {
    return within(low, Double.POSITIVE_INFINITY);
  }

  /**
   * No prediction.
   *
   * @return a curve that is only drawn
   */
  static Prediction none() {
    return new None();
  }
}
