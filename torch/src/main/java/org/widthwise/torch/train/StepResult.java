package org.widthwise.torch.train;

/** What came of a step of {@link StepwiseMlp}. */
public sealed interface StepResult {

  /**
   * The step was taken.
   *
   * @param number which it was, counted from 1
   * @param pass the pass that the step was computed from, at the weights before it
   * @param update what was added to weights and biases: ΔW_l, each {@code [n_l, n_{l-1}]}, and
   *     Δb_l, each {@code [n_l]}
   */
  record Taken(long number, MlpPass pass, MlpWeights update) implements StepResult {}

  /**
   * The loss was infinite or not a number, and the weights were left as they are.
   *
   * @param number which step it would have been, counted from 1
   * @param loss the loss
   */
  record Diverged(long number, double loss) implements StepResult {}
}
