package org.widthwise.audit.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A parameter as a file declares it.
 *
 * @param name its name, unique in the model: {@code layers.0.weight}
 * @param shape its dimensions, each 1 or more, outermost first; empty for a scalar
 * @param role what the file calls the parameter's role, not interpreted here
 * @param layer what the file calls the layer that the parameter belongs to, not interpreted here
 * @param maps how many maps of equal size the file says are stacked along the first dimension
 * @param branches how many residual branches the file says are summed beside the one that the
 *     parameter stands in, itself included
 */
public record DeclaredParameter(
    String name,
    List<Long> shape,
    Optional<String> role,
    Optional<String> layer,
    OptionalInt maps,
    OptionalInt branches) {

  /**
   * Copies the shape.
   *
   * @param name the parameter's name
   * @param shape its dimensions
   * @param role its role, if declared
   * @param layer its layer, if declared
   * @param maps its maps, if declared
   * @param branches its branches, if declared
   */
  public DeclaredParameter {
    shape = List.copyOf(shape);
  }

  /**
   * A parameter of which the file says neither maps nor branches.
   *
   * @param name the parameter's name
   * @param shape its dimensions
   * @param role its role, if declared
   * @param layer its layer, if declared
   */
  public DeclaredParameter(
      String name, List<Long> shape, Optional<String> role, Optional<String> layer) {
    this(name, shape, role, layer, OptionalInt.empty(), OptionalInt.empty());
  }

  /**
   * The same, with what another says of it where nothing is declared, but for its maps, which may
   * be more at another width.
   *
   * @param other the parameter of the same name in another model
   * @return the parameter
   */
  DeclaredParameter orElse(DeclaredParameter other) {
    boolean told = role.isPresent() || layer.isPresent();
    return new DeclaredParameter(
        name,
        shape,
        told ? role : other.role,
        told ? layer : other.layer,
        maps,
        branches.isPresent() ? branches : other.branches);
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
