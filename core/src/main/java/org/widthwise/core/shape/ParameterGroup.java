package org.widthwise.core.shape;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The groups that may have a prefactor of their own. Prefactors do not depend on width; the
 * theory's Θ leaves them free, and at finite width they decide the loss.
 */
public enum ParameterGroup {
  /** Matrices and convolutions that read the data. */
  INPUT,
  /** Matrices and convolutions between features. */
  HIDDEN,
  /** Matrices and convolutions that write the network's output. */
  READOUT,
  /** Embedding tables. */
  EMBEDDING,
  /** Biases. */
  BIAS,
  /** Gains of normalisation layers. */
  GAIN,
  /** Single numbers. */
  SCALAR;

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a group by its {@linkplain #id() name}.
   *
   * @param id the name, in any case
   * @return the group
   * @throws IllegalArgumentException if there is none of that name
   */
  public static ParameterGroup named(String id) {
    for (ParameterGroup group : values()) {
      if (group.id().equalsIgnoreCase(id)) {
        return group;
      }
    }
    throw new IllegalArgumentException(
        "unknown group of parameters '%s': known are %s"
            .formatted(
                id,
                Arrays.stream(values()).map(ParameterGroup::id).collect(Collectors.joining(", "))));
  }
}
