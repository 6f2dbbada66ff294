package org.widthwise.core.shape;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where a parameter stands, that is, which of its two dimensions grow with the network's width.
 *
 * <p>The spectral parametrization does not ask: to it "no layer is special" (section 5.1). μP in
 * the form of Tensor Programs V and prefactors per role do.
 */
public enum Layer {
  /** Reads the data: fan-in is fixed, fan-out is width. */
  INPUT,
  /** Between features: both are width. */
  HIDDEN,
  /** Writes the network's output: fan-in is width, fan-out is fixed. */
  READOUT;

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a layer by its {@linkplain #id() name}.
   *
   * @param id the name, in any case
   * @return the layer
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Layer named(String id) {
    for (Layer layer : values()) {
      if (layer.id().equalsIgnoreCase(id)) {
        return layer;
      }
    }
    throw new IllegalArgumentException(
        "unknown layer '%s': known are %s"
            .formatted(
                id, Arrays.stream(values()).map(Layer::id).collect(Collectors.joining(", "))));
  }
}
