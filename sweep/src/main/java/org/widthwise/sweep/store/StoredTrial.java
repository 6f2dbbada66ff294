package org.widthwise.sweep.store;

import java.util.Map;
import java.util.NavigableMap;

/**
 * A trial as it is stored.
 *
 * @param digest tells it from the other trials of its sweep
 * @param configuration canonical JSON of all that its metrics depend on, but the seed
 * @param seed its seed
 * @param work how much there is to do
 * @param state where it is
 * @param attempts how often it was begun
 * @param failures how often it threw
 * @param takeovers how often it was taken over from a worker that fell silent
 * @param worker who works or worked on it last; empty if nobody did
 * @param seconds how long it took; NaN unless it is over
 * @param message how it ended, where there is something to say
 * @param provenance JSON of the circumstances; empty unless it is over
 * @param metrics the values by name and step; empty unless it is over
 */
public record StoredTrial(
    String digest,
    String configuration,
    long seed,
    double work,
    TrialState state,
    int attempts,
    int failures,
    int takeovers,
    String worker,
    double seconds,
    String message,
    String provenance,
    Map<String, NavigableMap<Long, Double>> metrics) {

  /**
   * The same with other metrics, as for an analysis of a part of them.
   *
   * @param newMetrics the values by name and step
   * @return the trial
   */
  public StoredTrial withMetrics(Map<String, NavigableMap<Long, Double>> newMetrics) {
    return new StoredTrial(
        digest,
        configuration,
        seed,
        work,
        state,
        attempts,
        failures,
        takeovers,
        worker,
        seconds,
        message,
        provenance,
        newMetrics);
  }
}
