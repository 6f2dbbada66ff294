package org.widthwise.core.fit;

import java.util.Locale;

/** What measured data say about a claim, by one rule for all claims: {@link #of}. */
public enum Verdict {
  /** The confidence interval lies inside what the claim accepts. */
  HOLDS,
  /** The confidence interval lies outside what the claim accepts altogether. */
  FAILS,
  /** The confidence interval reaches over an edge of what the claim accepts, or there is none. */
  UNDECIDED;

  /**
   * Judges a claim.
   *
   * @param found the confidence interval of what was measured; {@link Interval#EVERYTHING} where
   *     its error is unknown
   * @param accepted what the claim accepts
   * @return {@link #HOLDS} if the first lies inside the second, {@link #FAILS} if they have no
   *     number in common, else {@link #UNDECIDED}
   */
  public static Verdict of(Interval found, Interval accepted) {
    if (found.equals(Interval.EVERYTHING)) {
      return UNDECIDED;
    }
    if (accepted.contains(found)) {
      return HOLDS;
    }
    return accepted.meets(found) ? UNDECIDED : FAILS;
  }

  /**
   * The verdict as a word for reports and files.
   *
   * @return {@code holds}, {@code fails} or {@code undecided}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
