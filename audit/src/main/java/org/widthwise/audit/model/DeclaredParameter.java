package org.widthwise.audit.model;

import java.util.List;
import java.util.Optional;

/**
 * A parameter as a file declares it.
 *
 * @param name its name, unique in the model: {@code layers.0.weight}
 * @param shape its dimensions, each 1 or more, outermost first; empty for a scalar
 * @param role what the file calls the parameter's role, not interpreted here
 * @param layer what the file calls the layer that the parameter belongs to, not interpreted here
 */
public record DeclaredParameter(
    String name, List<Long> shape, Optional<String> role, Optional<String> layer) {

  /**
   * Copies the shape.
   *
   * @param name the parameter's name
   * @param shape its dimensions
   * @param role its role, if declared
   * @param layer its layer, if declared
   */
  public DeclaredParameter {
    shape = List.copyOf(shape);
  }

  /**
   * Counts the parameter's elements.
   *
   * @return the product of the dimensions, 1 for a scalar
   * @throws ArithmeticException when the product is 2^63 or more, which no parameter read from a
   *     file has
   */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
