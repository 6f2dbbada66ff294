package org.widthwise.torch.nn;

/** The part of a transformer block that works on each position alone. */
public enum FeedForward {
  /** {@code down · gelu(up · x)}, with the exact Gaussian distribution function. */
  GELU,
  /**
   * {@code down · (silu(gate · x) ∘ (up · x))} (N. Shazeer, "GLU variants improve transformer",
   * 2020).
   */
  SWIGLU
}
