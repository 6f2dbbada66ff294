package org.widthwise.core.shape;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a parameter is, which decides how its tensor is read as a linear map.
 *
 * <p>The spectral condition speaks of maps from {@code n_in} to {@code n_out}. Only for a plain
 * matrix do the tensor's dimensions say what these are; for every other parameter its role does
 * (section 8 for convolutions, appendix D for biases, appendix E for embeddings).
 */
public enum Role {
  /** A dense map, shape {@code [fan_out, fan_in]}. */
  MATRIX,
  /**
   * A convolution, shape {@code [channels_out, channels_in / groups, kernel…]} with one to three
   * kernel dimensions. Each kernel position is a slice that maps channels to channels.
   */
  CONVOLUTION,
  /**
   * A table looked up by index, shape {@code [vocabulary, width]}: a map from one-hot vectors,
   * whose norm is 1 whatever the vocabulary, so its fan-in counts as 1 (appendix E).
   */
  EMBEDDING,
  /** A vector added to features: a matrix {@code n_out × 1} (appendix D). */
  BIAS,
  /** A vector that multiplies features, such as a normalisation layer's weight. */
  GAIN,
  /** A single number. */
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
   * Finds a role by its {@linkplain #id() name}.
   *
   * @param id the name, in any case
   * @return the role
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Role named(String id) {
    for (Role role : values()) {
      if (role.id().equalsIgnoreCase(id)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "unknown role '%s': known are %s"
            .formatted(
                id, Arrays.stream(values()).map(Role::id).collect(Collectors.joining(", "))));
  }
}
