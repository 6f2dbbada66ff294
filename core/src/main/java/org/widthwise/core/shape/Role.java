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
   * A transposed convolution, shape {@code [channels_in, channels_out / groups, kernel…]}: the same
   * map with its axes stored the other way round. To take the first axis for the outputs is the
   * usual mistake.
   */
  TRANSPOSED_CONVOLUTION,
  /**
   * A table looked up by index, shape {@code [vocabulary, width]}: a map from one-hot vectors,
   * whose norm is 1 whatever the vocabulary, so its fan-in counts as 1 (appendix E).
   */
  EMBEDDING,
  /**
   * One table, shape {@code [vocabulary, width]}, that is looked up by index and also writes the
   * network's output. It is drawn and stepped as an {@link #EMBEDDING}; where it writes the output,
   * the forward pass divides by the width, so that both uses satisfy Condition 1.
   */
  TIED_EMBEDDING,
  /** A vector added to features: a matrix {@code n_out × 1} (appendix D). */
  BIAS,
  /** A vector that multiplies features, such as a normalisation layer's weight. */
  GAIN,
  /** A single number. */
  SCALAR;

  /**
   * Whether a parameter of this role is a convolution, transposed or not.
   *
   * @return true if it has kernel dimensions
   */
  public boolean isConvolution() {
    return this == CONVOLUTION || this == TRANSPOSED_CONVOLUTION;
  }

  /**
   * Whether a parameter of this role maps features to features: a matrix or a convolution.
   *
   * @return false for embeddings, biases, gains and scalars
   */
  public boolean isMatrixLike() {
    return this == MATRIX || isConvolution();
  }

  /**
   * Whether a parameter of this role is a table looked up by index, tied or not.
   *
   * @return true for embeddings
   */
  public boolean isTable() {
    return this == EMBEDDING || this == TIED_EMBEDDING;
  }

  /**
   * The name used in files and options.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
