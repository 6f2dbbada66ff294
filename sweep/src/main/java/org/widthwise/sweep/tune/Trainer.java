package org.widthwise.sweep.tune;

import java.util.List;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.StoredTrial;

/** Trains what a tuning asks for, unless it was trained before. */
public interface Trainer {

  /**
   * Trials that belong together.
   *
   * @param name what they are for
   * @param steps how long each is trained
   */
  record Stage(String name, int steps) {}

  /**
   * Trains.
   *
   * @param stage what the trials are for; those of one name have one number of steps
   * @param trials configurations
   * @param seeds each configuration is trained with each of them
   * @return all trials of the stage, earlier ones included, all of which are over
   * @throws InterruptedException if the work was ended before
   */
  List<StoredTrial> train(Stage stage, List<TrialConfiguration> trials, List<Long> seeds)
      throws InterruptedException;
}
