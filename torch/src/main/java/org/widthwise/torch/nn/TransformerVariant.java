package org.widthwise.torch.nn;

/**
 * Of which parts a decoder-only transformer is made, whatever their sizes.
 *
 * @param normalization of the features before each map
 * @param feedForward the feed-forward part
 * @param bias whether the linear maps within blocks add biases; a {@link Normalization#LAYER} has
 *     one in any case, as in PyTorch
 * @param tied whether the token embedding is the readout as well, so that there is no other
 * @param fused whether queries, keys and values come from one matrix {@code [3·width, width]}, in
 *     this order, in place of three
 */
public record TransformerVariant(
    Normalization normalization,
    FeedForward feedForward,
    boolean bias,
    boolean tied,
    boolean fused) {

  /**
   * The usual parts.
   *
   * @return RMS normalisation, GELU, no biases, a readout of its own, three matrices for queries,
   *     keys and values
   */
  public static TransformerVariant withDefaults() {
    return new TransformerVariant(Normalization.RMS, FeedForward.GELU, false, false, false);
  }

  /**
   * Sets the normalisation.
   *
   * @param newNormalization of the features before each map
   * @return the variant
   */
  public TransformerVariant withNormalization(Normalization newNormalization) {
    return new TransformerVariant(newNormalization, feedForward, bias, tied, fused);
  }

  /**
   * Sets the feed-forward part.
   *
   * @param newFeedForward the part
   * @return the variant
   */
  public TransformerVariant withFeedForward(FeedForward newFeedForward) {
    return new TransformerVariant(normalization, newFeedForward, bias, tied, fused);
  }

  /**
   * The same variant with or without biases.
   *
   * @param biases whether the linear maps within blocks add biases
   * @return the variant
   */
  public TransformerVariant withBias(boolean biases) {
    return new TransformerVariant(normalization, feedForward, biases, tied, fused);
  }

  /**
   * The same variant with or without a readout of its own.
   *
   * @param isTied whether the token embedding is the readout as well
   * @return the variant
   */
  public TransformerVariant withTied(boolean isTied) {
    return new TransformerVariant(normalization, feedForward, bias, isTied, fused);
  }

  /**
   * The same variant with one matrix or three for queries, keys and values.
   *
   * @param isFused whether it is one
   * @return the variant
   */
  public TransformerVariant withFused(boolean isFused) {
    return new TransformerVariant(normalization, feedForward, bias, tied, isFused);
  }
}
