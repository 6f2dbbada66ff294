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
    Parameter parameter, List<Long> declaredShape, AxisOrder order, String reason) {}
