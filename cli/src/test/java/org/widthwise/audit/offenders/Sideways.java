package org.widthwise.audit.offenders;

import org.widthwise.torch.measure.TensorNorms;

/** Breaks the rule that audit and torch know nothing of each other. */
final class Sideways {

  private Sideways() {}

  static Class<?> arrow() {
    return TensorNorms.class;
  }
}
