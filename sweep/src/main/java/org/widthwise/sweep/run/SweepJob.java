package org.widthwise.sweep.run;

import java.time.Duration;
import org.widthwise.sweep.store.SweepState;

/** Works on a sweep until it is finished, once. */
public interface SweepJob {

  /**
   * Works until every trial of the sweep is over, here or elsewhere, or {@link #stop()}.
   *
   * @param listener told of the progress
   * @return how far the sweep is
   * @throws InterruptedException if the thread is interrupted
   * @throws org.widthwise.lab.run.RunException if the store fails
   */
  SweepState run(SweepListener listener) throws InterruptedException;

  /** Ends the work soon: running trials are given up after their step and wait again. */
  void stop();

  /**
   * Waits until the work has ended and every trial that was running by it is given back.
   *
   * @param patience the longest to wait
   * @return whether it has
   * @throws InterruptedException if the thread is interrupted
   */
  boolean awaitEnd(Duration patience) throws InterruptedException;
}
