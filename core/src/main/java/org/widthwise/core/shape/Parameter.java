package org.widthwise.core.shape;

/**
 * A named parameter of a model.
 *
 * @param name the name, unique in its model, such as {@code layers.0.weight}
 * @param shape what it is and how large
 */
public record Parameter(String name, ParameterShape shape) {

  /**
   * Checks the name.
   *
   * @param name the name
   * @param shape what it is and how large
   * @throws IllegalArgumentException if it is empty
   */
  public Parameter {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a parameter needs a name");
    }
  }
}
