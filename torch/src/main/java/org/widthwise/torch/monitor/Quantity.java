package org.widthwise.torch.monitor;

import java.util.Locale;

/**
 * What the monitor measures of a parameter. The <i>update</i> is what the last step added to it,
 * the <i>change</i> all that was added since the monitor was made.
 *
 * <p>Sizes are natural norms, in which Condition 1 asks everything to be Θ(1): of a matrix the
 * spectral norm over √(fan-out / fan-in), of an embedding the largest row norm over √width, of a
 * bias or gain its length over √fan-out, of a scalar its magnitude. A tensor that holds several
 * maps, the positions of a convolution's kernel or stacked matrices, is as large as the largest of
 * them, and stable rank and alignment are of that one.
 *
 * <p>Features are what a layer puts out on the probe batch, examples, places and tokens as rows;
 * their size is the mean root mean square of a row. Alignment is the mean over the rows h of what
 * comes in of {@code ‖A h‖₂ / (‖A‖₂·‖h‖₂)} (eqs. 24 and 25).
 */
public enum Quantity {
  /** The size of the parameter. */
  WEIGHT,
  /** ‖W‖_F² / ‖W‖₂², of a matrix. */
  WEIGHT_STABLE_RANK,
  /** The alignment of W with the features now, of a matrix. */
  WEIGHT_ALIGNMENT,
  /** The size of what the last step added. */
  UPDATE,
  /** The stable rank of what the last step added, of a matrix. */
  UPDATE_STABLE_RANK,
  /** Its alignment with the features before the step, of a matrix. */
  UPDATE_ALIGNMENT,
  /** The size of all that was added since the start. */
  CHANGE,
  /** The stable rank of all that was added since the start, of a matrix. */
  CHANGE_STABLE_RANK,
  /** Its alignment with the features now, of a matrix. */
  CHANGE_ALIGNMENT,
  /** The size of the layer's features. */
  FEATURE,
  /** The size of what the last step changed about them. */
  FEATURE_UPDATE,
  /** The size of what has changed about them since the start. */
  FEATURE_CHANGE;

  /**
   * The name used in files.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether it takes a probe batch to measure.
   *
   * @return true for features and alignments
   */
  public boolean needsProbe() {
    return switch (this) {
      case WEIGHT, WEIGHT_STABLE_RANK, UPDATE, UPDATE_STABLE_RANK, CHANGE, CHANGE_STABLE_RANK ->
          false;
      case WEIGHT_ALIGNMENT,
          UPDATE_ALIGNMENT,
          CHANGE_ALIGNMENT,
          FEATURE,
          FEATURE_UPDATE,
          FEATURE_CHANGE ->
          true;
    };
  }

  /**
   * Whether it takes a copy of the parameters as they were at the start.
   *
   * @return true for changes since the start
   */
  public boolean needsStart() {
    return switch (this) {
      case CHANGE, CHANGE_STABLE_RANK, CHANGE_ALIGNMENT, FEATURE_CHANGE -> true;
      case WEIGHT,
          WEIGHT_STABLE_RANK,
          WEIGHT_ALIGNMENT,
          UPDATE,
          UPDATE_STABLE_RANK,
          UPDATE_ALIGNMENT,
          FEATURE,
          FEATURE_UPDATE ->
          false;
    };
  }
}
