package org.widthwise.torch.monitor;

import java.util.function.LongSupplier;

/** Carries out a {@link Cadence}: says which steps are due, and keeps account of the time. */
final class Schedule {

  /** This many observations are made whatever they take. */
  private static final long FREE_OBSERVATIONS = 3;

  private final Cadence cadence;
  private final LongSupplier nanoTime;
  private long observations;
  private long due = 1;
  private long since;
  private long observing;
  private long training;
  private long lastObservation;
  private boolean justObserved;

  Schedule(Cadence cadence, LongSupplier nanoTime) {
    this.cadence = cadence;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /** The monitor is called: the time since it last returned was spent training. */
  void enter() {
    long now = nanoTime.getAsLong();
    training += now - since;
    since = now;
  }

  /** The monitor returns: the time since it was called was spent observing. */
  void leave() {
    long now = nanoTime.getAsLong();
    observing += now - since;
    if (justObserved) {
      lastObservation = now - since;
      justObserved = false;
    }
    since = now;
  }

  /** Whether a step is to be looked at, the first step of the training that is watched being 1. */
  boolean isDue(long step) {
    return step >= due
        && (observations < FREE_OBSERVATIONS
            || observing + lastObservation <= cadence.budget() * training);
  }

  /** A step was looked at. */
  void observed(long step) {
    observations++;
    justObserved = true;
    due = step + Math.min(step, cadence.interval());
  }
}
