package org.widthwise.sweep.store;

import java.util.List;

/**
 * What came of a trial.
 *
 * @param diverged whether its loss was no number or grew too large
 * @param message how it ended, where there is something to say; may be empty
 * @param metrics what was measured; no two share name and step
 * @param seconds how long it took
 * @param provenance JSON of the circumstances
 */
public record TrialResult(
    boolean diverged, String message, List<Metric> metrics, double seconds, String provenance) {

  /**
   * Copies the metrics.
   *
   * @param diverged whether its loss was no number or grew too large
   * @param message how it ended; may be empty
   * @param metrics what was measured
   * @param seconds how long it took
   * @param provenance JSON of the circumstances
   */
  public TrialResult {
    metrics = List.copyOf(metrics);
  }
}
