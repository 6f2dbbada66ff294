package org.widthwise.djl.optim;

/**
 * How weight decay λ enters a step of rate η. What λ is at each width is the plan's {@link
 * org.widthwise.core.plan.WeightDecayConvention}; the two together decide what a decay means.
 */
public enum DecayForm {
  /**
   * Added to the gradient, {@code g ← g + λW}, as in DJL's own optimizers. Rules that normalise
   * then take its direction and lose its size.
   */
  COUPLED,
  /** Beside the update, {@code W ← (1 − ηλ)·W − η·D}, as in AdamW, Muon and Scion. */
  DECOUPLED,
  /**
   * Beside the update and without the rate, {@code W ← (1 − sλ)·W − η·D}, where s is the schedule's
   * factor alone. A plan must then leave λ as it is ({@link
   * org.widthwise.core.plan.WeightDecayConvention#FIXED}).
   */
  RATE_FREE,
  /**
   * Decoupled, and only for entries that the update shrinks too, {@code D·W > 0}: decay never works
   * against the gradient.
   */
  CAUTIOUS
}
