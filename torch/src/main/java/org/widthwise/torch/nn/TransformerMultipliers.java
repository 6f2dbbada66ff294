package org.widthwise.torch.nn;

/**
 * The numbers by which a transformer multiplies in its forward pass, and which a parametrization
 * decides.
 *
 * @param attention by which the products of queries and keys are multiplied, above 0
 * @param residual by which each residual branch is multiplied before it is added, above 0
 * @param readout by which the features are multiplied before the readout, above 0; 1/width for a
 *     {@linkplain TransformerShape#tied() tied} embedding that is scaled as an embedding
 */
public record TransformerMultipliers(double attention, double residual, double readout) {

  /**
   * Checks the numbers.
   *
   * @param attention of the products of queries and keys
   * @param residual of the residual branches
   * @param readout of the features before the readout
   * @throws IllegalArgumentException if one is not above 0 and finite
   */
  public TransformerMultipliers {
    requirePositive("attention", attention);
    requirePositive("residual", residual);
    requirePositive("readout", readout);
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the %s multiplier of a transformer must be above 0 and finite, but is %s"
              .formatted(what, value));
    }
  }

  /**
   * Attention logits {@code q·k/d_head}, as features of fixed size align when they learn and their
   * product then grows with d_head itself (Tensor Programs V); residual branches and readout as
   * they are, but a tied readout 1/width.
   *
   * @param shape the transformer
   * @return the multipliers
   */
  public static TransformerMultipliers of(TransformerShape shape) {
    return new TransformerMultipliers(
        1.0 / shape.headWidth(), 1, shape.tied() ? 1.0 / shape.width() : 1);
  }

  /**
   * Attention logits {@code q·k/√d_head} and nothing else, as is usual.
   *
   * @param shape the transformer
   * @return the multipliers
   */
  public static TransformerMultipliers standard(TransformerShape shape) {
    return new TransformerMultipliers(1 / Math.sqrt(shape.headWidth()), 1, 1);
  }

  /**
   * Sets that of attention.
   *
   * @param multiplier of the products of queries and keys, above 0
   * @return the multipliers
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public TransformerMultipliers withAttention(double multiplier) {
    return new TransformerMultipliers(multiplier, residual, readout);
  }

  /**
   * Sets that of the residual branches.
   *
   * @param multiplier of each branch, above 0
   * @return the multipliers
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public TransformerMultipliers withResidual(double multiplier) {
    return new TransformerMultipliers(attention, multiplier, readout);
  }

  /**
   * Sets that of the readout.
   *
   * @param multiplier of the features before the readout, above 0
   * @return the multipliers
   * @throws IllegalArgumentException if it is not above 0 and finite
   */
  public TransformerMultipliers withReadout(double multiplier) {
    return new TransformerMultipliers(attention, residual, multiplier);
  }
}
