package org.widthwise.sweep.store;

import org.widthwise.lab.data.Digests;

/**
 * A trial that is to be run.
 *
 * @param configuration canonical JSON of all that its metrics depend on, but the seed
 * @param seed decides first weights and the order of examples
 * @param work how much there is to do, in units that all trials of a sweep share, above 0
 */
public record NewTrial(String configuration, long seed, double work) {

  /**
   * What tells the trial from others of its sweep.
   *
   * @return SHA-256 of configuration and seed
   */
  public String digest() {
    return Digests.sha256(configuration + "\n" + seed);
  }
}
