package org.widthwise.sweep.run;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.widthwise.sweep.store.SweepState;
import org.widthwise.sweep.store.SweepStore;

/**
 * Tells a listener how far a sweep is, and estimates the time to go from all work done since the
 * start, others' included.
 */
public final class ProgressTracker {

  private final SweepStore store;
  private final String sweep;
  private final SweepListener listener;
  private final DoubleSupplier partialWork;
  private final double workBefore;
  private final long start = System.nanoTime();
  private SweepState state;

  /**
   * A tracker; the listener is told that trials begin to run.
   *
   * @param store where the trials are
   * @param sweep the name of the sweep
   * @param listener told of the progress
   * @param partialWork how much of running trials is done, in units of their work
   */
  public ProgressTracker(
      SweepStore store, String sweep, SweepListener listener, DoubleSupplier partialWork) {
    this.store = store;
    this.sweep = sweep;
    this.listener = listener;
    this.partialWork = partialWork;
    this.state = store.state(sweep);
    this.workBefore = state.finishedWork();
    listener.started(progress());
  }

  /** Time has passed. */
  public synchronized void tick() {
    state = store.state(sweep);
    listener.progressed(progress());
  }

  /**
   * A trial ended by this work.
   *
   * @param end how
   */
  public synchronized void ended(TrialEnd end) {
    state = store.state(sweep);
    listener.ended(end.claim(), end.ending(), end.message(), progress());
  }

  private SweepListener.Progress progress() {
    double done = state.finishedWork() + partialWork.getAsDouble();
    double doneHere = done - workBefore;
    double seconds = (System.nanoTime() - start) / 1e9;
    Optional<Duration> timeToGo =
        doneHere > 0
            ? Optional.of(
                Duration.ofMillis((long) (1000 * seconds * (state.work() - done) / doneHere)))
            : Optional.empty();
    return new SweepListener.Progress(state, state.work() > 0 ? done / state.work() : 1, timeToGo);
  }
}
