package org.widthwise.audit.spectrum;

import java.util.Optional;
import org.widthwise.core.shape.ParameterShape;

/**
 * What the audit found of one of the maps that a fused tensor holds.
 *
 * @param map what it is, such as {@code query}
 * @param parameter its part of the tensor, the output axis first
 * @param sizes how large it is
 * @param update how large the difference to the earlier checkpoint is, if there is one
 */
public record MapAudit(
    String map, ParameterShape parameter, TensorSizes sizes, Optional<TensorSizes> update) {}
