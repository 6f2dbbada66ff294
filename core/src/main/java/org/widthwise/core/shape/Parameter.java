package org.widthwise.core.shape;

/**
 * A named parameter of a model.
 *
 * @param name the name, unique in its model, such as {@code layers.0.weight}
 * @param shape what it is and how large
 * @param branches how many residual branches are summed beside the one it stands in, itself
 *     included: the L of depth scaling; 1 for a parameter outside of any branch
 */
public record Parameter(String name, ParameterShape shape, int branches) {

  /**
   * Checks name and branches.
   *
   * @param name the name
   * @param shape what it is and how large
   * @param branches how many residual branches are summed
   * @throws IllegalArgumentException if the name is empty, or there are fewer than one branches
   */
  public Parameter {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a parameter needs a name");
    }
    if (branches < 1) {
      throw new IllegalArgumentException(
          "'%s' cannot stand in %d residual branches: 1 is outside of any"
              .formatted(name, branches));
    }
  }

  /**
   * A parameter outside of any residual branch.
   *
   * @param name the name
   * @param shape what it is and how large
   * @throws IllegalArgumentException if the name is empty
   */
  public Parameter(String name, ParameterShape shape) {
    this(name, shape, 1);
  }
}
