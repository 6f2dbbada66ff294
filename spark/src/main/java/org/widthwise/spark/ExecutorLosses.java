package org.widthwise.spark;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.widthwise.sweep.store.SweepStore;

/**
 * Gives the trials of a lost executor back at once: their tasks begin again without waiting until
 * it has been silent for long.
 */
final class ExecutorLosses extends SparkListener {

  private final SweepStore store;
  private final String sweep;
  private final String application;

  ExecutorLosses(SweepStore store, String sweep, String application) {
    this.store = store;
    this.sweep = sweep;
    this.application = application;
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    store.abandon(sweep, SiteSettings.prefix(application, removed.executorId()));
  }
}
