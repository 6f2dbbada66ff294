package org.widthwise.core.fit;

/**
 * A claim that a quantity follows a power law with a certain exponent, and the one rule by which
 * data confirm or refute it.
 *
 * <p>The rule: let {@code C} be the two-sided confidence interval of the fitted exponent at the
 * claim's confidence, and {@code T = [exponent − tolerance, exponent + tolerance]}.
 *
 * <ul>
 *   <li>{@code C} inside {@code T}: the claim {@linkplain Verdict#HOLDS holds}.
 *   <li>{@code C} and {@code T} have no number in common: the claim {@linkplain Verdict#FAILS
 *       fails}.
 *   <li>Otherwise, and always where the fit has too few points for an interval: {@linkplain
 *       Verdict#UNDECIDED undecided}.
 * </ul>
 *
 * <p>So noisy data never confirm a claim, and a fit never fails one merely because it is precise:
 * the tolerance says how far from the asymptotic exponent a law at finite width may be.
 *
 * @param exponent the claimed exponent
 * @param tolerance how far the true exponent may be from the claimed one, above 0
 * @param confidence the confidence of the interval, between 0 and 1; 0.95 by default
 */
public record ExponentClaim(double exponent, double tolerance, double confidence) {

  /** The confidence used where none is given. */
  public static final double DEFAULT_CONFIDENCE = 0.95;

  /**
   * Checks the numbers.
   *
   * @param exponent the claimed exponent
   * @param tolerance how far the true exponent may be from the claimed one
   * @param confidence the confidence of the interval
   * @throws IllegalArgumentException if the exponent is not finite, the tolerance not positive and
   *     finite, or the confidence not strictly between 0 and 1
   */
  public ExponentClaim {
    if (!Double.isFinite(exponent)) {
      throw new IllegalArgumentException(
          "A claimed exponent must be a finite number, but is " + exponent);
    }
    if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException(
          "The tolerance of a claimed exponent must be positive and finite, but is " + tolerance);
    }
    PowerLawFit.requireLevel(confidence);
  }

  /**
   * A claim to be judged at the default confidence of 0.95.
   *
   * @param exponent the claimed exponent
   * @param tolerance how far the true exponent may be from the claimed one
   * @return the claim
   * @throws IllegalArgumentException if a number is out of range
   */
  public static ExponentClaim of(double exponent, double tolerance) {
    return new ExponentClaim(exponent, tolerance, DEFAULT_CONFIDENCE);
  }

  /**
   * The exponents that the claim tolerates.
   *
   * @return {@code [exponent − tolerance, exponent + tolerance]}
   */
  public Interval tolerated() {
    return new Interval(exponent - tolerance, exponent + tolerance);
  }

  /**
   * Judges the claim by a fit.
   *
   * @param fit the fitted power law
   * @return the verdict by the rule above
   */
  public Verdict judge(PowerLawFit fit) {
    return Verdict.of(fit.confidenceInterval(confidence), tolerated());
  }
}
