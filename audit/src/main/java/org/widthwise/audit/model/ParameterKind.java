package org.widthwise.audit.model;

/** What a parameter's name and shape suggest it is. */
public enum ParameterKind {
  /** A table of which rows are looked up or added: words, positions, class tokens. */
  EMBEDDING,
  /** The matrix that makes the model's outputs from its last features. */
  READOUT,
  /** A vector by which features are multiplied. */
  GAIN,
  /** A vector that is added to features. */
  BIAS,
  /** A kernel over space or time. */
  CONVOLUTION,
  /** Any other matrix from features to features. */
  MATRIX,
  /** A single number. */
  SCALAR,
  /** Name and shape do not say, or say that it is no trained weight. */
  UNKNOWN
}
