package org.widthwise.core.fit;

import java.util.Locale;

/** What measured data say about a claimed exponent; the rule is in {@link ExponentClaim}. */
public enum Verdict {
  /** The confidence interval lies inside the claimed exponent's tolerance. */
  HOLDS,
  /** The confidence interval lies outside the claimed exponent's tolerance altogether. */
  FAILS,
  /** The confidence interval reaches over an edge of the tolerance, or there is none. */
  UNDECIDED;

  /**
   * The verdict as a word for reports and files.
   *
   * @return {@code holds}, {@code fails} or {@code undecided}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
