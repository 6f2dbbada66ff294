package org.widthwise.lab.train;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.Normalization;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.TransformerShape;

/**
 * A network but for its width and what the data decide, with the usual values for what is left out.
 * What a kind of network does not have is ignored.
 *
 * @param kind which network
 * @param layers mlp: weight matrices; transformer: blocks; resnet: blocks in each of its three
 *     stages; null for 3, 2 and 3
 * @param activation of an mlp
 * @param bias whether the linear maps of an mlp or transformer have biases
 * @param context the characters that a transformer sees
 * @param heads of a transformer
 * @param feedForward of a transformer
 * @param feedForwardWidth of a transformer; null for 4 times its width
 * @param channelNormalization of a resnet
 * @param normalization of a transformer
 * @param tied whether a transformer's embedding is its readout as well
 * @param fused whether a transformer has one matrix for queries, keys and values
 * @param rootAttention whether q·k is divided by √d in place of d; null for what the
 *     parametrization has, that is √d with {@code sp} and {@code ntp}
 */
public record NetworkDescription(
    Kind kind,
    @Nullable Integer layers,
    Activation activation,
    boolean bias,
    int context,
    int heads,
    FeedForward feedForward,
    @Nullable Integer feedForwardWidth,
    ChannelNormalization channelNormalization,
    Normalization normalization,
    boolean tied,
    boolean fused,
    @Nullable Boolean rootAttention) {

  /** The characters that a transformer sees if nothing else is said. */
  public static final int USUAL_CONTEXT = 64;

  /** The heads of a transformer if nothing else is said. */
  public static final int USUAL_HEADS = 4;

  private static final int STAGES = 3;
  private static final int USUAL_LAYERS = 3;
  private static final int USUAL_BLOCKS = 2;

  /** The kinds of network. */
  public enum Kind {
    /** A multilayer perceptron on images. */
    MLP,
    /** A residual network on images. */
    RESNET,
    /** A transformer on characters. */
    TRANSFORMER
  }

  /**
   * The network that takes images.
   *
   * @param channels their colour planes
   * @param features channels times height times width
   * @param classes what it tells apart
   * @param width its width
   * @return a perceptron or residual network
   * @throws IllegalArgumentException if there is no such network
   */
  public Architecture forImages(int channels, int features, int classes, int width) {
    int count = layers == null ? USUAL_LAYERS : layers;
    if (kind == Kind.RESNET) {
      return new Architecture.Residual(
          new ResNetShape(
              channels,
              classes,
              width,
              IntStream.range(0, STAGES).mapToObj(stage -> count).toList(),
              channelNormalization));
    }
    List<Integer> widths =
        Stream.of(
                Stream.of(features),
                IntStream.range(1, count).mapToObj(layer -> width),
                Stream.of(classes))
            .flatMap(part -> part)
            .toList();
    return new Architecture.Perceptron(new MlpShape(widths, activation, bias));
  }

  /**
   * The network that takes characters.
   *
   * @param vocabulary how many different ones
   * @param parametrization its name, which decides the scale of attention if nothing else does
   * @param width its width
   * @return a transformer
   * @throws IllegalArgumentException if there is no such network
   */
  public Architecture forText(int vocabulary, String parametrization, int width) {
    TransformerShape shape =
        TransformerShape.of(
                vocabulary, context, width, layers == null ? USUAL_BLOCKS : layers, heads)
            .withNormalization(normalization)
            .withFeedForward(feedForward)
            .withBias(bias)
            .withTied(tied)
            .withFused(fused);
    if (feedForwardWidth != null) {
      shape = shape.withFeedForwardWidth(feedForwardWidth);
    }
    boolean root =
        rootAttention == null ? List.of("sp", "ntp").contains(parametrization) : rootAttention;
    return new Architecture.Decoder(
        shape, root ? 1 / Math.sqrt(shape.headWidth()) : 1.0 / shape.headWidth());
  }
}
