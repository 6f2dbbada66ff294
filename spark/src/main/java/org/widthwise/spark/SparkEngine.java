package org.widthwise.spark;

import com.google.auto.service.AutoService;
import org.widthwise.sweep.run.EngineSettings;
import org.widthwise.sweep.run.StoredSweep;
import org.widthwise.sweep.run.SweepEngine;
import org.widthwise.sweep.run.SweepJob;
import org.widthwise.sweep.store.SweepStore;

/**
 * Runs the trials of a sweep as tasks on Apache Spark, one task for each. Spark decides where, and
 * begins a task again whose executor is lost; the store decides who has a trial, so that none is
 * stored twice whatever Spark does.
 */
@AutoService(SweepEngine.class)
public final class SparkEngine implements SweepEngine {

  /** Made by {@link java.util.ServiceLoader}. */
  public SparkEngine() {}

  @Override
  public String id() {
    return "spark";
  }

  @Override
  public SweepJob job(SweepStore store, StoredSweep sweep, EngineSettings settings) {
    return new SparkJob(
        store, sweep, settings, SparkConfiguration.of(sweep.name(), settings, System.getenv()));
  }
}
