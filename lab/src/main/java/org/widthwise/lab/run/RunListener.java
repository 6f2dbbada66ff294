package org.widthwise.lab.run;

import java.time.Duration;
import java.util.Optional;

/** Told how far a reproduction is. Called from several threads, one at a time. */
public interface RunListener {

  /**
   * How far a reproduction is.
   *
   * @param study what was worked on last; empty at the beginning
   * @param members how many members there are
   * @param finished how many are finished, those of earlier starts included
   * @param share the share of the work that is done, from 0 to 1, those of earlier starts included
   * @param timeToGo an estimate from the work done in this start; empty at its beginning
   */
  record Progress(
      String study, int members, int finished, double share, Optional<Duration> timeToGo) {}

  /**
   * The members begin to run: nothing stood in their way.
   *
   * @param progress how much earlier starts left behind
   */
  default void started(Progress progress) {}

  /**
   * So much work is ahead that it will be probed how long it takes, which itself may take minutes.
   */
  default void estimating() {}

  /**
   * So much work is ahead that it was probed how long it will take.
   *
   * @param timeToGo an estimate
   */
  default void estimated(Duration timeToGo) {}

  /**
   * Something was done.
   *
   * @param progress how far the reproduction is
   */
  void progressed(Progress progress);

  /**
   * A member is finished and stored.
   *
   * @param result what it left behind
   * @param progress how far the reproduction is
   */
  void finished(MemberResult result, Progress progress);
}
