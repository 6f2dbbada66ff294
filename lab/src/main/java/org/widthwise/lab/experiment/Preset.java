package org.widthwise.lab.experiment;

import java.util.Locale;

/** How much of an experiment to run. */
public enum Preset {
  /** Small enough to look at within a few minutes on two cores. */
  QUICK,
  /** Large enough for firm verdicts. */
  STANDARD,
  /** The paper's own size. */
  PAPER;

  /**
   * The name used in options.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
