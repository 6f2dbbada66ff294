package org.widthwise.torch.offenders;

import org.widthwise.djl.plan.BlockParameters;

/** Breaks the rule that nobody sees djl. */
final class Neighbour {

  private Neighbour() {}

  static Class<?> arrow() {
    return BlockParameters.class;
  }
}
