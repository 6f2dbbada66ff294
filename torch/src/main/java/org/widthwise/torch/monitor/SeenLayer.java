package org.widthwise.torch.monitor;

import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.torch.plan.PlannedTensor;

/**
 * Where the features of a planned parameter are seen: in the layer of its own name, or, for a part
 * of a fused parameter, in that of the whole, among whose outputs are the part's own.
 *
 * @param name the planned parameter
 * @param shape what it is and how large
 * @param whole the module's parameter, of which it is a part or all
 * @param isPart whether it is a part
 * @param first the first of the whole's outputs that are its own
 */
record SeenLayer(String name, ParameterShape shape, String whole, boolean isPart, long first) {

  static SeenLayer of(PlannedTensor tensor) {
    return new SeenLayer(
        tensor.planned().name(),
        tensor.planned().shape(),
        tensor.parameter(),
        tensor.isPart(),
        tensor.first());
  }

  /**
   * Its own outputs.
   *
   * @param observed the name by which the network showed its layer
   * @param rows what that put out, {@code [rows, n]}
   * @return {@code [rows, fanOut]}
   */
  Tensor ownOutputs(String observed, Tensor rows) {
    return isPart && observed.equals(whole)
        ? rows.narrow(1, first, shape.dimensions().get(0))
        : rows;
  }
}
