package org.widthwise.core.shape;

import java.util.Locale;

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
}
