package org.widthwise.torch.train;

/** What turns gradients into steps; it knows its parameters. */
public interface Optimizer {
  /** Takes one step with the gradients the parameters hold. */
  void step();

  /** Forgets the gradients, so that the next backward pass starts from none. */
  void zeroGradients();
}
