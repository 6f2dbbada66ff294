package org.widthwise.torch.offenders;

import org.widthwise.audit.UntrustedText;

/** Breaks the rule that audit and torch know nothing of each other. */
final class Sideways {

  private Sideways() {}

  static Class<?> arrow() {
    return UntrustedText.class;
  }
}
