package org.widthwise.core.offenders.cycle;

import org.widthwise.core.offenders.Offender;

/** Half a cycle of packages. */
public final class Cycle {

  private Cycle() {}

  static Class<?> back() {
    return Offender.class;
  }
}
