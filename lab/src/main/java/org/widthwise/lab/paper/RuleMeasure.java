package org.widthwise.lab.paper;

import java.util.SortedMap;
import java.util.TreeMap;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;

/** What is measured of a network while it is trained. */
interface RuleMeasure {

  /** Measures nothing: the loss alone is of interest. */
  RuleMeasure NONE = new RuleMeasure() {};

  /**
   * Sizes of weights.
   *
   * @return values by name; none unless a measure has any
   */
  default SortedMap<String, Double> weights(MlpWeights weights) {
    return new TreeMap<>();
  }

  /**
   * Sizes of a step.
   *
   * @param taken the step, with the pass before it
   * @param after the forward pass after it
   * @return values by name; none unless a measure has any
   */
  default SortedMap<String, Double> step(StepResult.Taken taken, MlpForward after) {
    return new TreeMap<>();
  }
}
