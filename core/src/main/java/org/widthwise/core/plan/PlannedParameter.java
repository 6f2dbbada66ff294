package org.widthwise.core.plan;

import org.widthwise.core.shape.ParameterShape;

/**
 * A parameter and the scale that a plan gives it.
 *
 * @param name the parameter's name
 * @param shape what it is and how large
 * @param scale its scale
 */
public record PlannedParameter(String name, ParameterShape shape, Scale scale) {}
