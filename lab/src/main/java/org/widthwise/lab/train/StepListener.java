package org.widthwise.lab.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Told how far a training is, by the thread that trains. */
public interface StepListener {

  /**
   * How far a training is.
   *
   * @param step how many steps are done, those of earlier starts included
   * @param steps how many there are to be
   * @param loss of the last step's batch, before its update
   * @param timeToGo an estimate from the steps of this start; empty before its first one is done
   */
  record Progress(long step, long steps, double loss, Optional<Duration> timeToGo) {}

  /**
   * The steps begin: nothing stood in their way.
   *
   * @param parameters how many numbers are trained
   * @param done the steps that an earlier start left behind, 0 at the beginning
   */
  default void started(long parameters, long done) {}

  /**
   * A step was taken.
   *
   * @param progress how far the training is
   */
  void stepped(Progress progress);

  /**
   * A checkpoint was written, whole.
   *
   * @param directory where it is
   */
  default void checkpointed(Path directory) {}
}
