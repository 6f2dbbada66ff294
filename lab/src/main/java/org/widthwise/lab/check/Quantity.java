package org.widthwise.lab.check;

import java.util.Locale;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;

/**
 * What a coordinate check follows over width, for each layer. All are Θ(1) where Condition 1 holds.
 */
public enum Quantity {
  /** ‖W‖₂ over its target before training. */
  WEIGHT,
  /** ‖ΔW‖₂ of the first step over its target. */
  UPDATE,
  /** ‖W − W₀‖₂ after all steps over its target. */
  TOTAL_UPDATE,
  /** The root mean square of the layer's output on the first batch before training. */
  FEATURE,
  /** The root mean square of the change of that output by the first step. */
  FEATURE_CHANGE,
  /** The root mean square of its change by all steps. */
  TOTAL_FEATURE_CHANGE,
  /**
   * The share by which weight decay shrinks the weight in a step, rate times decay as the plan has
   * them. It is not measured, for over a few steps decay is invisible; that is how a wrong one
   * passes every short check.
   */
  DECAY;

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a slope in the width says that something is wrong with the layer.
   *
   * <p>Sizes at initialisation are gated between features only. An input layer whose fan-in is much
   * wider than the network starts with features that grow with width until it is not, and what it
   * sends on does so everywhere; under μP and Parametrization 1 a readout's output falls with width
   * until training aligns it. Both are shown and not judged.
   *
   * @param shape the layer's weight
   * @return false if it is shown and not judged
   */
  boolean isJudged(ParameterShape shape) {
    return switch (this) {
      case UPDATE, TOTAL_UPDATE, FEATURE_CHANGE, TOTAL_FEATURE_CHANGE, DECAY -> true;
      case WEIGHT -> shape.isMatrixLike() && shape.layer() == Layer.HIDDEN;
      case FEATURE -> false;
    };
  }
}
