package org.widthwise.core.plan;

import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;

/**
 * A parameter and the scale that a plan gives it.
 *
 * @param name the parameter's name
 * @param shape what it is and how large
 * @param branches how many residual branches are summed beside the one it stands in; 1 outside of
 *     any
 * @param rule the update rule that its scale is for
 * @param scale its scale
 */
public record PlannedParameter(
    String name, ParameterShape shape, int branches, UpdateRule rule, Scale scale) {

  /**
   * The parameter without its scale.
   *
   * @return name, shape and branches
   */
  public Parameter parameter() {
    return new Parameter(name, shape, branches);
  }

  /**
   * The same with another scale.
   *
   * @param newScale the scale
   * @return the planned parameter
   */
  public PlannedParameter withScale(Scale newScale) {
    return new PlannedParameter(name, shape, branches, rule, newScale);
  }
}
