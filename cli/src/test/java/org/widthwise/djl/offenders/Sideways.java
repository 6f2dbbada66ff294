package org.widthwise.djl.offenders;

import org.widthwise.audit.UntrustedText;

/** Breaks the rule that djl sees core and DJL's API alone. */
final class Sideways {

  private Sideways() {}

  static Class<?> arrow() {
    return UntrustedText.class;
  }
}
