package org.widthwise.sweep.tune;

import java.util.List;
import org.widthwise.sweep.definition.SweepDefinition;
import org.widthwise.sweep.definition.SweepTask;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepData;
import org.widthwise.sweep.store.StoredTrial;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;

/**
 * Trains by sweeps in a store: each stage is one of them, named after the tuning and the stage, so
 * that what was trained is found again, and others can help.
 */
public final class StoredTrainer implements Trainer {

  private final SweepStore store;
  private final String name;
  private final SweepTask task;
  private final SweepData data;
  private final Worker worker;

  /** Works on a sweep until it is finished or the process is to end. */
  @FunctionalInterface
  public interface Worker {

    /**
     * Works.
     *
     * @param sweep the sweep, of which trials are left
     * @return how far it is
     * @throws InterruptedException if the thread is interrupted
     */
    SweepState work(StoredSweep sweep) throws InterruptedException;
  }

  /**
   * A trainer.
   *
   * @param store where the sweeps are
   * @param name of the tuning
   * @param task what all its trials share but, in the search, the number of steps
   * @param data of the task
   * @param worker works on a stage
   */
  public StoredTrainer(
      SweepStore store, String name, SweepTask task, SweepData data, Worker worker) {
    this.store = store;
    this.name = name;
    this.task = task;
    this.data = data;
    this.worker = worker;
  }

  @Override
  public List<StoredTrial> train(Stage stage, List<TrialConfiguration> trials, List<Long> seeds)
      throws InterruptedException {
    StoredSweep sweep =
        StoredSweep.add(
            store,
            new SweepDefinition(
                name + "/" + stage.name(), task.withSteps(stage.steps()), trials, seeds),
            data);
    if (!store.state(sweep.name()).isFinished() && !worker.work(sweep).isFinished()) {
      throw new InterruptedException(
          "the stage '%s' of the tuning was ended before it was finished".formatted(sweep.name()));
    }
    return store.trials(sweep.name());
  }
}
