package org.widthwise.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.train.Architecture;
import org.widthwise.lab.train.NetworkDescription;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.Normalization;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that describe a network. */
final class ModelOptions {

  /** The kinds of network. */
  enum Kind {
    MLP,
    RESNET,
    TRANSFORMER
  }

  /** How the products of queries and keys are scaled. */
  enum AttentionScale {
    INVERSE,
    ROOT
  }

  private static final Pattern GROUPS = Pattern.compile("group:([0-9]{1,9})");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      required = true,
      description = "mlp, resnet or transformer")
  private Kind kind;

  @Option(
      names = "--width",
      paramLabel = "N",
      description =
          "mlp: of the hidden layers; transformer: of the features between blocks; resnet: channels"
              + " of the first stage")
  private @Nullable Integer width;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description =
          "mlp: weight matrices (default: 3); transformer: blocks (default: 2); resnet: blocks in"
              + " each of its three stages (default: 3)")
  private @Nullable Integer layers;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      description = "of an mlp: relu, tanh, gelu or identity (default: relu)")
  private @Nullable String activation;

  @Option(names = "--bias", description = "of an mlp or transformer: its linear maps have biases")
  private boolean bias;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "of a transformer: the characters that it sees (default: 64)")
  private @Nullable Integer context;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = "of a transformer: attention heads; they divide the width (default: 4)")
  private @Nullable Integer heads;

  @Option(
      names = "--feed-forward",
      paramLabel = "NAME",
      description = "of a transformer: gelu or swiglu (default: gelu)")
  private @Nullable FeedForward feedForward;

  @Option(
      names = "--feed-forward-width",
      paramLabel = "N",
      description = "of a transformer: within its feed-forward part (default: 4 times the width)")
  private @Nullable Integer feedForwardWidth;

  @Option(
      names = "--normalization",
      paramLabel = "NAME",
      description =
          "transformer: rms or layer (default: rms); resnet: batch or group:N with N groups of"
              + " channels (default: batch)")
  private @Nullable String normalization;

  @Option(names = "--tied", description = "of a transformer: its embedding is its readout as well")
  private boolean tied;

  @Option(
      names = "--fused",
      description = "of a transformer: one matrix for queries, keys and values")
  private boolean fused;

  @Option(
      names = "--attention-scale",
      paramLabel = "NAME",
      description =
          "of a transformer: inverse for q·k/d_head or root for q·k/√d_head (default: inverse, but"
              + " root with --parametrization sp or ntp)")
  private @Nullable AttentionScale attentionScale;

  Kind kind() {
    return kind;
  }

  /** The width given, where a command is for one network. */
  int width() {
    if (width == null) {
      throw bad("Missing required option: '--width=N'");
    }
    return width;
  }

  /** For a command that looks at several widths. */
  void requireNoWidth() {
    if (width != null) {
      throw bad("--width: give the widths to compare, --widths");
    }
  }

  int context() {
    return context == null ? NetworkDescription.USUAL_CONTEXT : context;
  }

  /** An option that nothing would heed is a mistake. */
  void requireSense() {
    requireFor(Kind.MLP, "--activation", activation != null);
    requireFor(Kind.TRANSFORMER, "--context", context != null);
    requireFor(Kind.TRANSFORMER, "--heads", heads != null);
    requireFor(Kind.TRANSFORMER, "--feed-forward", feedForward != null);
    requireFor(Kind.TRANSFORMER, "--feed-forward-width", feedForwardWidth != null);
    requireFor(Kind.TRANSFORMER, "--tied", tied);
    requireFor(Kind.TRANSFORMER, "--fused", fused);
    requireFor(Kind.TRANSFORMER, "--attention-scale", attentionScale != null);
    if (kind == Kind.RESNET && bias) {
      throw bad("--bias: the convolutions of a resnet have none, for a normalisation follows them");
    }
    if (kind == Kind.MLP && normalization != null) {
      throw bad("--normalization: an mlp has none");
    }
    if (width != null && width < 1) {
      throw bad("--width must be at least 1, not " + width);
    }
    if (layers != null && layers < 1) {
      throw bad("--layers must be at least 1, not " + layers);
    }
    if (context() < 1) {
      throw bad("--context must be at least 1, not " + context());
    }
  }

  private void requireFor(Kind owner, String option, boolean given) {
    if (given && kind != owner) {
      throw bad("%s: it is for --model %s".formatted(option, Words.of(owner)));
    }
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /**
   * The network that takes images.
   *
   * @param channels their colour planes
   * @param features channels times height times width
   * @param classes what it tells apart
   * @param width its width
   */
  Architecture forImages(int channels, int features, int classes, int width) {
    return description().forImages(channels, features, classes, width);
  }

  private NetworkDescription description() {
    return new NetworkDescription(
        NetworkDescription.Kind.valueOf(kind.name()),
        layers,
        activation == null
            ? Activation.RELU
            : Words.named(spec, "--activation", activation, Activation.values()),
        bias,
        context(),
        heads == null ? NetworkDescription.USUAL_HEADS : heads,
        feedForward == null ? FeedForward.GELU : feedForward,
        feedForwardWidth,
        kind == Kind.RESNET ? channelNormalization() : new ChannelNormalization.Batch(),
        kind == Kind.TRANSFORMER ? featureNormalization() : Normalization.RMS,
        tied,
        fused,
        attentionScale == null ? null : attentionScale == AttentionScale.ROOT);
  }

  private ChannelNormalization channelNormalization() {
    if (normalization == null || normalization.equalsIgnoreCase("batch")) {
      return new ChannelNormalization.Batch();
    }
    Matcher groups = GROUPS.matcher(normalization.toLowerCase(Locale.ROOT));
    if (!groups.matches()) {
      throw bad(
          "--normalization: '%s' is none of batch and group:N, which a resnet can have"
              .formatted(normalization));
    }
    return new ChannelNormalization.Group(Integer.parseInt(groups.group(1)));
  }

  /**
   * The network that takes characters.
   *
   * @param vocabulary how many different ones
   * @param parametrization its name, which decides the scale of attention if nothing else does
   */
  Architecture forText(int vocabulary, String parametrization, int width) {
    return description().forText(vocabulary, parametrization, width);
  }

  private Normalization featureNormalization() {
    if (normalization == null) {
      return Normalization.RMS;
    }
    return Stream.of(Normalization.values())
        .filter(value -> Words.of(value).equalsIgnoreCase(normalization))
        .findFirst()
        .orElseThrow(
            () ->
                bad(
                    "--normalization: '%s' is none of rms and layer, which a transformer can have"
                        .formatted(normalization)));
  }
}
