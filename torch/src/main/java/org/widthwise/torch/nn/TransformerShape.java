package org.widthwise.torch.nn;

/**
 * The shape of a decoder-only transformer. Normalisation comes before attention and feed-forward
 * ("pre-norm") and once more before the readout; positions are learnt.
 *
 * @param vocabulary the number of tokens, at least 1
 * @param context the most positions that it sees, at least 1
 * @param width the length of the features between blocks, a multiple of the heads
 * @param layers the number of blocks, at least 1; each adds two residual branches
 * @param heads the number of attention heads, at least 1
 * @param feedForwardWidth the length of the features within the feed-forward part, at least 1
 * @param variant the parts that it is made of
 */
public record TransformerShape(
    int vocabulary,
    int context,
    int width,
    int layers,
    int heads,
    int feedForwardWidth,
    TransformerVariant variant) {

  /** Four times the width, as in the first transformer. */
  private static final int USUAL_RATIO = 4;

  /**
   * Checks the numbers.
   *
   * @param vocabulary the number of tokens
   * @param context the most positions
   * @param width the length of the features
   * @param layers the number of blocks
   * @param heads the number of heads
   * @param feedForwardWidth the length of the features within the feed-forward part
   * @param variant its parts
   * @throws IllegalArgumentException if a number is below 1 or the width no multiple of the heads
   */
  public TransformerShape {
    requirePositive("vocabulary", vocabulary);
    requirePositive("context", context);
    requirePositive("width", width);
    requirePositive("number of layers", layers);
    requirePositive("number of heads", heads);
    requirePositive("feed-forward width", feedForwardWidth);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "the width of a transformer must be a multiple of its heads, but %d is none of %d"
              .formatted(width, heads));
    }
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "the %s of a transformer must be at least 1, but is %d".formatted(what, value));
    }
  }

  /**
   * A transformer with the usual parts: a feed-forward part four times as wide, RMS normalisation,
   * GELU, no biases, a readout of its own, three matrices for queries, keys and values.
   *
   * @param vocabulary the number of tokens
   * @param context the most positions that it sees
   * @param width the length of the features, a multiple of the heads
   * @param layers the number of blocks
   * @param heads the number of attention heads
   * @return the shape
   * @throws IllegalArgumentException if a number is below 1 or the width no multiple of the heads
   */
  public static TransformerShape of(int vocabulary, int context, int width, int layers, int heads) {
    requirePositive("width", width);
    return new TransformerShape(
        vocabulary,
        context,
        width,
        layers,
        heads,
        Math.multiplyExact(USUAL_RATIO, width),
        TransformerVariant.withDefaults());
  }

  /**
   * The length of the queries and keys of a head.
   *
   * @return d_head, width over heads
   */
  public int headWidth() {
    return width / heads;
  }

  /**
   * The normalisation.
   *
   * @return of the features before each map
   */
  public Normalization normalization() {
    return variant.normalization();
  }

  /**
   * The feed-forward part.
   *
   * @return the part
   */
  public FeedForward feedForward() {
    return variant.feedForward();
  }

  /**
   * Whether there are biases.
   *
   * @return whether the linear maps within blocks add them
   */
  public boolean bias() {
    return variant.bias();
  }

  /**
   * Whether there is no readout beside the embedding.
   *
   * @return whether the token embedding is the readout as well
   */
  public boolean tied() {
    return variant.tied();
  }

  /**
   * How queries, keys and values are made.
   *
   * @return whether they come from one matrix {@code [3·width, width]}
   */
  public boolean fused() {
    return variant.fused();
  }

  /**
   * Sets how wide the feed-forward part is.
   *
   * @param newWidth the length of its features, at least 1
   * @return the shape
   * @throws IllegalArgumentException if it is below 1
   */
  public TransformerShape withFeedForwardWidth(int newWidth) {
    return new TransformerShape(vocabulary, context, width, layers, heads, newWidth, variant);
  }

  /**
   * Sets the normalisation.
   *
   * @param newNormalization of the features before each map
   * @return the shape
   */
  public TransformerShape withNormalization(Normalization newNormalization) {
    return with(variant.withNormalization(newNormalization));
  }

  /**
   * Sets the feed-forward part.
   *
   * @param newFeedForward the part; its width stays, though with a gate it has half as many
   *     matrices again
   * @return the shape
   */
  public TransformerShape withFeedForward(FeedForward newFeedForward) {
    return with(variant.withFeedForward(newFeedForward));
  }

  /**
   * The same shape with or without biases.
   *
   * @param biases whether the linear maps within blocks add biases
   * @return the shape
   */
  public TransformerShape withBias(boolean biases) {
    return with(variant.withBias(biases));
  }

  /**
   * The same shape with or without a readout of its own.
   *
   * @param isTied whether the token embedding is the readout as well
   * @return the shape
   */
  public TransformerShape withTied(boolean isTied) {
    return with(variant.withTied(isTied));
  }

  /**
   * The same shape with one matrix or three for queries, keys and values.
   *
   * @param isFused whether it is one
   * @return the shape
   */
  public TransformerShape withFused(boolean isFused) {
    return with(variant.withFused(isFused));
  }

  private TransformerShape with(TransformerVariant newVariant) {
    return new TransformerShape(
        vocabulary, context, width, layers, heads, feedForwardWidth, newVariant);
  }
}
