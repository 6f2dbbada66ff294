package org.widthwise.sweep.run;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.TrialResult;

/**
 * Does what a trial asks for: on a thread of this process, or wherever else. Called from several
 * threads at a time.
 */
public interface TrialExecutor {

  /** Called once by each thread that will run trials, before its first one. */
  default void enterThread() {}

  /**
   * Runs a trial. The same configuration and seed give the same metrics.
   *
   * @param trial the trial
   * @param stop asked often; once true, the trial is to be given up
   * @param share told now and then which share is done, from 0 to 1
   * @return what came of it; empty if it was given up
   */
  Optional<TrialResult> run(Claim trial, BooleanSupplier stop, DoubleConsumer share);
}
