package org.widthwise.sweep.store;

import java.util.Locale;

/** Where a trial is on its way. */
public enum TrialState {
  /** Nobody works on it. */
  WAITING,
  /** A worker has it, and says now and then that it is alive. */
  RUNNING,
  /** It came to its end, and its metrics are stored. */
  DONE,
  /** Its loss was no number or grew too large: a result, too. */
  DIVERGED,
  /** It failed twice, or too many workers died of it; its message says how. */
  FAILED;

  /**
   * The name used in files and tables.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether it is over.
   *
   * @return true unless it waits or runs
   */
  public boolean isFinal() {
    return this != WAITING && this != RUNNING;
  }

  static TrialState named(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
