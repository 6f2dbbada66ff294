package org.widthwise.core.plan;

/**
 * Numbers that do not depend on width, by which a group of parameters departs from the rule.
 *
 * @param init multiplies the initial standard deviation, at least 0
 * @param rate multiplies the learning rate, above 0
 */
public record Prefactor(double init, double rate) {

  /** No departure. */
  public static final Prefactor ONE = new Prefactor(1, 1);

  /**
   * Checks both.
   *
   * @param init multiplies the initial standard deviation
   * @param rate multiplies the learning rate
   * @throws IllegalArgumentException if one is negative, infinite or NaN, or the rate's is 0
   */
  public Prefactor {
    if (!(init >= 0 && init < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("an init prefactor is at least 0, but this is " + init);
    }
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a rate prefactor is above 0, but this is " + rate);
    }
  }

  /**
   * The same with another init prefactor.
   *
   * @param init the new one
   * @return the prefactor
   */
  public Prefactor withInit(double init) {
    return new Prefactor(init, rate);
  }

  /**
   * The same with another rate prefactor.
   *
   * @param rate the new one
   * @return the prefactor
   */
  public Prefactor withRate(double rate) {
    return new Prefactor(init, rate);
  }
}
