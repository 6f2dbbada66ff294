package org.widthwise.sweep.tune;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.transfer.RateCurve;

/**
 * What trainings of one seed ended with.
 *
 * @param byConfiguration losses by the text of the configuration
 */
record Losses(Map<String, Double> byConfiguration) {

  static Losses of(List<StoredTrial> trials, String metric) {
    Map<String, Double> losses = new HashMap<>();
    for (StoredTrial trial : trials) {
      double loss = RateCurve.loss(trial, metric);
      // What failed is worth no more than what diverged.
      losses.put(trial.configuration(), Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss);
    }
    return new Losses(losses);
  }

  /** Infinite of what diverged, failed, or was not trained. */
  double of(TrialConfiguration trial) {
    return byConfiguration.getOrDefault(trial.json(), Double.POSITIVE_INFINITY);
  }
}
