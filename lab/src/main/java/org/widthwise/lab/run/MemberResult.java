package org.widthwise.lab.run;

import java.util.Objects;
import java.util.SortedMap;

/**
 * What a finished member left behind.
 *
 * @param key which member
 * @param values the measured values by name; none where the run diverged before any was measured
 * @param finalLoss the training loss after the last step; NaN where the run diverged or nothing was
 *     trained
 * @param steps how many steps were trained; those until it was noticed where the run diverged
 * @param diverged whether the loss stopped being finite
 * @param seconds how long it took
 */
public record MemberResult(
    MemberKey key,
    SortedMap<String, Double> values,
    double finalLoss,
    long steps,
    boolean diverged,
    double seconds) {

  /**
   * Checks that nothing is missing, as it may be in a file.
   *
   * @param key which member
   * @param values the measured values by name
   * @param finalLoss the training loss after the last step
   * @param steps how many steps were trained
   * @param diverged whether the loss stopped being finite
   * @param seconds how long it took
   */
  public MemberResult {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(values, "values");
  }
}
