package org.widthwise.core.norm;

/** The two kinds of matrices that Table 1 tells apart, because their stable ranks differ. */
public enum MatrixKind {
  /** Weights as initialised: a random matrix, whose stable rank is as large as it can be. */
  INITIAL_WEIGHTS,
  /** A gradient update: of stable rank Θ(1) (Lemma 1), and aligned with the incoming features. */
  UPDATE
}
