package org.widthwise.sweep.run;

import java.time.Duration;
import java.util.Optional;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.SweepState;

/** Told how far a sweep is. Called from several threads, one at a time. */
public interface SweepListener {

  /**
   * How far a sweep is.
   *
   * @param state of the trials, those of other processes included
   * @param share of the work that is done, from 0 to 1
   * @param timeToGo an estimate from the work done since this process began; empty at its beginning
   */
  record Progress(SweepState state, double share, Optional<Duration> timeToGo) {}

  /** How a trial ended in this process. */
  enum Ending {
    /** Its metrics are stored. */
    FINISHED,
    /** It diverged, which is stored. */
    DIVERGED,
    /** It threw, which is stored. */
    THREW,
    /** It was given back. */
    RELEASED,
    /** Another worker had taken it over. */
    LOST
  }

  /**
   * The trials begin to run.
   *
   * @param progress how much is done already
   */
  default void started(Progress progress) {}

  /**
   * Time has passed; called about once a second.
   *
   * @param progress how far the sweep is
   */
  default void progressed(Progress progress) {}

  /**
   * A trial ended here.
   *
   * @param trial the trial
   * @param ending how
   * @param message what there is to say; may be empty
   * @param progress how far the sweep is
   */
  default void ended(Claim trial, Ending ending, String message, Progress progress) {}
}
