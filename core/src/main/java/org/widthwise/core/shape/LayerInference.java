package org.widthwise.core.shape;

/**
 * Tells where a parameter stands from its shapes in the same network at two widths: by which of its
 * dimensions grow.
 */
public final class LayerInference {

  private LayerInference() {}

  /**
   * Compares the two shapes. What they give as their layer does not matter.
   *
   * <p>For a bias or a gain that grows the answer is {@link Layer#HIDDEN}: whether its features
   * come from the input's layer cannot be seen, and makes no difference to any scale. An embedding
   * reads the input by its role, a single number stands between features.
   *
   * @param name the parameter's name, for messages
   * @param shape its shape
   * @param other its shape at another width
   * @return the layer
   * @throws IllegalArgumentException if the two differ in role, number of dimensions, kernel or
   *     number of stacked maps, or if neither dimension of a matrix or of an embedding's rows grows
   */
  public static Layer of(String name, ParameterShape shape, ParameterShape other) {
    if (shape.role() != other.role()
        || shape.dimensions().size() != other.dimensions().size()
        || shape.kernelArea() != other.kernelArea()) {
      throw new IllegalArgumentException(
          ("'%s' is %s of shape %s here and %s of shape %s at the other width: compare a network"
                  + " with itself at another width")
              .formatted(
                  name,
                  shape.role().id(),
                  shape.dimensions(),
                  other.role().id(),
                  other.dimensions()));
    }
    if (shape.groups() != other.groups()) {
      // As in depthwise convolutions: the features grow on both sides, a group may not.
      return Layer.HIDDEN;
    }
    if (shape.maps() != other.maps()) {
      throw new IllegalArgumentException(
          "'%s' is %d maps here and %d at the other width: stacked maps are as many at every width"
              .formatted(name, shape.maps(), other.maps()));
    }
    boolean out = shape.fans().fanOut() != other.fans().fanOut();
    boolean in = shape.fans().fanIn() != other.fans().fanIn();
    return switch (shape.role()) {
      case MATRIX, CONVOLUTION, TRANSPOSED_CONVOLUTION -> {
        if (out) {
          yield in ? Layer.HIDDEN : Layer.INPUT;
        }
        if (!in) {
          throw unchanged(name, shape);
        }
        yield Layer.READOUT;
      }
      case EMBEDDING, TIED_EMBEDDING -> {
        if (!out) {
          throw unchanged(name, shape);
        }
        yield Layer.INPUT;
      }
      case BIAS, GAIN -> out ? Layer.HIDDEN : Layer.READOUT;
      case SCALAR -> Layer.HIDDEN;
    };
  }

  private static IllegalArgumentException unchanged(String name, ParameterShape shape) {
    return new IllegalArgumentException(
        "'%s', %s of shape %s, is as large at the other width: say where it stands"
            .formatted(name, shape.role().id(), shape.dimensions()));
  }
}
