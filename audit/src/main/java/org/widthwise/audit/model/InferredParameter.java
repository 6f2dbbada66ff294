package org.widthwise.audit.model;

import java.util.List;
import org.widthwise.core.shape.Parameter;

/**
 * A parameter with the role and layer that were declared or guessed.
 *
 * @param parameter name and shape, the output axis first
 * @param declaredShape the dimensions as the file has them
 * @param order how the file lists the axes
 * @param reason why it was taken for what it is
 */
public record InferredParameter(
    Parameter parameter, List<Long> declaredShape, AxisOrder order, String reason) {

  /** The same as a stack of maps, if they are of one size; says why it is none otherwise. */
  InferredParameter stacked(FusedMaps fused) {
    if (fused.maps().isEmpty()) {
      return this;
    }
    int maps = fused.maps().size();
    long size = parameter.shape().dimensions().get(0) / maps;
    boolean equal = fused.maps().stream().allMatch(part -> part.run() == size && part.runs() == 1);
    if (!equal) {
      return new InferredParameter(
          parameter,
          declaredShape,
          order,
          reason + "; as one map, though its maps have other sizes");
    }
    Parameter stack =
        new Parameter(parameter.name(), parameter.shape().stacked(maps), parameter.branches());
    return new InferredParameter(stack, declaredShape, order, reason + "; " + fused.reason());
  }
}
