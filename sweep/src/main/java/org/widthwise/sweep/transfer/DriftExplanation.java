package org.widthwise.sweep.transfer;

import java.util.List;

/**
 * What a drift can be told to come from.
 *
 * @param cause {@code none needed} where transfer holds, or is undecided and the drift within two
 *     standard errors of 0; {@code imbalance}: layers' first values or updates go with the width
 *     differently from what the spectral condition asks; {@code misalignment}: updates are less
 *     aligned with the features, or more, as the width grows; {@code too few steps}: the drift was
 *     greater at half of the steps; {@code none of these}; {@code unknown} where nothing was
 *     measured
 * @param sentence the same in words, with the numbers
 * @param driftAtHalf the drift of the rate that is best after half of the steps; NaN if unknown
 * @param driftAtHalfError its standard error
 * @param layers exponents of each layer
 */
public record DriftExplanation(
    String cause,
    String sentence,
    double driftAtHalf,
    double driftAtHalfError,
    List<LayerExponents> layers) {

  /** The cause of layers whose sizes go with the width. */
  public static final String IMBALANCE = "imbalance";

  /** The cause of updates whose alignment goes with the width. */
  public static final String MISALIGNMENT = "misalignment";

  /** The cause of a drift that dies out with longer trainings. */
  public static final String TOO_FEW_STEPS = "too few steps";

  /**
   * Copies the list.
   *
   * @param cause what the drift comes from
   * @param sentence the same in words
   * @param driftAtHalf the drift after half of the steps
   * @param driftAtHalfError its standard error
   * @param layers exponents of each layer
   */
  public DriftExplanation {
    layers = List.copyOf(layers);
  }
}
