package org.widthwise.core.plan;

/** What stays the same about an optimizer's ε when the width changes. */
public enum EpsilonConvention {
  /**
   * Its size beside what it is added to: ε follows the parametrization's gradients, 1/fan-out under
   * Adam. A fixed ε silently turns Adam into gradient descent with momentum in wide networks.
   */
  SCALED,
  /** Its value, as in microsoft/mup and in every optimizer that knows nothing of width. */
  FIXED
}
