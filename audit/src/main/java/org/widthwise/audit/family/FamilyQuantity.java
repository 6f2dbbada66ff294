package org.widthwise.audit.family;

import java.util.Locale;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;

/** A size of a tensor, or of its update, that is followed over width. */
public enum FamilyQuantity {
  /** The spectral norm. */
  SPECTRAL_NORM,
  /** The Frobenius norm. */
  FROBENIUS_NORM,
  /** The stable rank. */
  STABLE_RANK,
  /** The root mean square of the entries. */
  RMS,
  /** The norm induced by natural norms on both sides. */
  NATURAL_NORM,
  /** The spectral norm over √(fan-out / fan-in). */
  RATIO,
  /** The spectral norm, of the update. */
  UPDATE_SPECTRAL_NORM,
  /** The Frobenius norm, of the update. */
  UPDATE_FROBENIUS_NORM,
  /** The stable rank, of the update. */
  UPDATE_STABLE_RANK,
  /** The root mean square of the entries, of the update. */
  UPDATE_RMS,
  /** The norm induced by natural norms on both sides, of the update. */
  UPDATE_NATURAL_NORM,
  /** The spectral norm over √(fan-out / fan-in), of the update. */
  UPDATE_RATIO,
  /** The update's spectral norm over that of the earlier tensor. */
  UPDATE_RELATIVE_SPECTRAL,
  /** The update's Frobenius norm over that of the earlier tensor. */
  UPDATE_RELATIVE_FROBENIUS;

  /**
   * The name used in files.
   *
   * @return the constant's name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether it is a size of the update, which needs an earlier checkpoint.
   *
   * @return true if it is
   */
  public boolean isOfUpdate() {
    return compareTo(UPDATE_SPECTRAL_NORM) >= 0;
  }

  double of(TensorAudit audit) {
    return switch (this) {
      case UPDATE_RELATIVE_SPECTRAL -> audit.updateRelativeSpectral();
      case UPDATE_RELATIVE_FROBENIUS -> audit.updateRelativeFrobenius();
      default -> isOfUpdate() ? audit.update().map(this::of).orElse(Double.NaN) : of(audit.sizes());
    };
  }

  private double of(TensorSizes sizes) {
    return switch (this) {
      case SPECTRAL_NORM, UPDATE_SPECTRAL_NORM -> sizes.spectralNorm();
      case FROBENIUS_NORM, UPDATE_FROBENIUS_NORM -> sizes.frobeniusNorm();
      case STABLE_RANK, UPDATE_STABLE_RANK -> sizes.stableRank();
      case RMS, UPDATE_RMS -> sizes.rms();
      case NATURAL_NORM, UPDATE_NATURAL_NORM -> sizes.naturalNorm();
      case RATIO, UPDATE_RATIO -> sizes.ratio();
      case UPDATE_RELATIVE_SPECTRAL, UPDATE_RELATIVE_FROBENIUS ->
          throw new IllegalStateException(this + " is no size of one tensor");
    };
  }
}
