package org.widthwise.djl.plan;

import ai.djl.nn.Parameter;
import org.widthwise.core.shape.ParameterShape;

/**
 * A parameter that is trained: DJL's object, and what a plan knows of it.
 *
 * @param name the path of its blocks' names in the tree, as DJL's {@code getParameters()} makes it,
 *     such as {@code 01Linear_weight}: the same for the same network in another process or at
 *     another width, unlike the id
 * @param parameter DJL's object, whose {@code getId()} optimizers are told
 * @param shape what it is and how large, which may count the dimensions in another order than the
 *     array has them
 * @param branches how many residual branches are summed where it stands, 1 outside of any
 * @param view how the array is read as matrices
 */
public record BlockParameter(
    String name, Parameter parameter, ParameterShape shape, int branches, MatrixView view) {

  /**
   * DJL's own id.
   *
   * @return the id, unique in this process
   */
  public String id() {
    return parameter.getId();
  }
}
