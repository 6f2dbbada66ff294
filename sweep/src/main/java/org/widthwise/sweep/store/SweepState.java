package org.widthwise.sweep.store;

import java.util.Map;

/**
 * How far a sweep is.
 *
 * @param trials how many trials are in each state; those without are left out
 * @param work how much there is to do in all
 * @param finishedWork how much of it is over
 */
public record SweepState(Map<TrialState, Integer> trials, double work, double finishedWork) {

  /**
   * Copies the counts.
   *
   * @param trials how many trials are in each state
   * @param work how much there is to do in all
   * @param finishedWork how much of it is over
   */
  public SweepState {
    trials = Map.copyOf(trials);
  }

  /**
   * The trials in one state.
   *
   * @param state the state
   * @return how many there are
   */
  public int count(TrialState state) {
    return trials.getOrDefault(state, 0);
  }

  /**
   * All trials.
   *
   * @return how many there are
   */
  public int count() {
    return trials.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * The trials that are over.
   *
   * @return how many there are
   */
  public int finished() {
    return count() - count(TrialState.WAITING) - count(TrialState.RUNNING);
  }

  /**
   * Whether nothing is left to do.
   *
   * @return true if every trial is over
   */
  public boolean isFinished() {
    return finished() == count();
  }
}
