package org.widthwise.audit.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;

/**
 * Guesses what parameters are from their shapes and from the names that common families of models
 * use: Llama, GPT-2, GPT-NeoX, BERT, T5, ViT, ResNet, Mamba, plain MLPs, and by those of GGUF
 * files.
 *
 * <p>The number of axes decides first, then whole words of the name: {@code overhead} is no head. A
 * guess is a guess: what it decides should be shown together with its reason.
 */
public final class NameHints {

  private static final int MOST_CONVOLUTION_AXES = 5;

  private static final Set<String> NOT_TRAINED =
      Set.of(
          "running_mean",
          "running_var",
          "moving_mean",
          "moving_variance",
          "num_batches_tracked",
          "inv_freq",
          "freqs_cis",
          "position_ids",
          "masked_bias",
          "attn_mask",
          "relative_position_index",
          "exp_avg",
          "exp_avg_sq",
          "max_exp_avg_sq",
          "momentum_buffer",
          "square_avg",
          "grad_avg");

  /** What a checkpoint of a training keeps beside the network. */
  private static final Set<String> TRAINERS =
      Set.of(
          "optimizer",
          "optimizers",
          "optim",
          "optimizer_state",
          "optimizer_states",
          "optimizer_state_dict",
          "lr_scheduler",
          "lr_schedulers",
          "scheduler");

  private static final Set<String> BIAS_WORDS = Set.of("bias", "beta", "offset", "b");
  private static final Set<String> GAIN_WORDS = Set.of("gamma", "scale", "gain", "g");
  private static final Set<String> WEIGHT_WORDS = Set.of("weight", "kernel", "w");
  private static final Set<String> NORM_WORDS =
      Set.of("norm", "ln", "bn", "gn", "rms", "layernorm", "rmsnorm", "batchnorm", "groupnorm");
  private static final Set<String> EMBEDDING_WORDS =
      Set.of("embed", "embedding", "embeddings", "emb", "embd", "wte", "wpe", "token", "tokens");
  // An owner with one of these is a layer that works on embeddings or makes them of dense input.
  private static final Set<String> LAYER_WORDS =
      Set.of(
          "proj",
          "projection",
          "project",
          "projector",
          "mapping",
          "linear",
          "dense",
          "fc",
          "mlp",
          "conv",
          "norm",
          "ln",
          "layernorm",
          "patch");

  // wqkv.bias[key], as the parts of fused parameters are called in plans
  private static final Pattern PART_OF_BIAS = Pattern.compile("(?<=bias)\\[[^\\[\\]]+]$");

  private NameHints() {}

  /**
   * Guesses what one parameter is.
   *
   * @param name its name, parts separated by dots or slashes
   * @param shape its dimensions, each 1 or more, as the file has them
   * @return the guess, {@link ParameterKind#UNKNOWN} where name and shape do not say
   * @throws IllegalArgumentException when a dimension is below 1
   */
  public static NameHint of(String name, List<Long> shape) {
    for (long dimension : shape) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "shape " + shape + " has the dimension " + dimension + ", must be 1 or more");
      }
    }
    ParameterName parsed = ParameterName.parse(PART_OF_BIAS.matcher(name).replaceFirst(""));
    if (NOT_TRAINED.contains(parsed.tensor())) {
      return hint(ParameterKind.UNKNOWN, quoted(parsed.tensor()) + " is kept, not trained");
    }
    if (!parsed.parents().isEmpty() && TRAINERS.contains(parsed.parents().get(0))) {
      return hint(ParameterKind.UNKNOWN, "a part of " + quoted(parsed.parents().get(0)));
    }
    if (shape.stream().allMatch(dimension -> dimension == 1)) {
      return hint(ParameterKind.SCALAR, "a single element");
    }
    List<Long> axes = withoutOnes(parsed, shape);
    if (axes.size() > 1 && shape.size() > 2 && isBias(parsed)) {
      return hint(
          ParameterKind.UNKNOWN,
          shape.size() + " axes and " + quoted(parsed.tensor()) + ": a mask or a table of biases");
    }
    return switch (axes.size()) {
      case 1 -> vector(parsed);
      case 2 -> matrix(parsed, axes);
      default -> kernel(parsed, axes);
    };
  }

  /**
   * Guesses what all parameters of a model are. Here the last of the numbered layers of a
   * classifier, {@code classifier.6.weight}, is known for the readout, which its name alone does
   * not say.
   *
   * @param parameters the parameters, names unique
   * @return the guesses by name, in the order of the parameters
   * @throws IllegalArgumentException when a dimension is below 1
   */
  public static Map<String, NameHint> of(List<DeclaredParameter> parameters) {
    Map<String, NameHint> hints = new LinkedHashMap<>();
    Map<List<String>, DeclaredParameter> last = new LinkedHashMap<>();
    for (DeclaredParameter parameter : parameters) {
      hints.put(parameter.name(), of(parameter.name(), parameter.shape()));
      ParameterName name = ParameterName.parse(parameter.name());
      if (isNumberedHead(name) && isMatrix(hints.get(parameter.name()))) {
        last.merge(name.parents(), parameter, NameHints::later);
      }
    }
    last.forEach(
        (parents, parameter) ->
            hints.computeIfPresent(
                parameter.name(),
                (name, hint) ->
                    new NameHint(
                        ParameterKind.READOUT,
                        "the last layer of " + quoted(parents.get(parents.size() - 1)),
                        hint.order())));
    DepthwiseConvolutions.mark(parameters, hints);
    return hints;
  }

  private static NameHint vector(ParameterName name) {
    if (isBias(name)) {
      return hint(ParameterKind.BIAS, "one axis, and the name's " + quoted(name.tensor()));
    }
    if (GAIN_WORDS.contains(name.lastTensorWord())) {
      return hint(ParameterKind.GAIN, "one axis, and the name's " + quoted(name.tensor()));
    }
    if (isNorm(name)) {
      return hint(ParameterKind.GAIN, "one axis, of the norm " + quoted(name.owner()));
    }
    if (isEmbedding(name)) {
      return hint(ParameterKind.EMBEDDING, "one row, and the name's " + quoted(name.owner()));
    }
    if (isWeight(name)) {
      return hint(ParameterKind.GAIN, "one axis, a weight");
    }
    if (name.tensor().equals("D")) {
      return hint(ParameterKind.GAIN, "one axis, the skip's gain \"D\" of a state-space layer");
    }
    return hint(ParameterKind.UNKNOWN, "one axis, and the name tells neither gain nor bias");
  }

  private static NameHint matrix(ParameterName name, List<Long> axes) {
    if (name.tensor().equals("A_log") || name.tensor().equals("ssm_a")) {
      return hint(
          ParameterKind.UNKNOWN,
          quoted(name.tensor()) + " of a state-space layer acts entry by entry, no matrix");
    }
    if (name.tensor().equals("weight_g")) {
      return hint(ParameterKind.GAIN, "\"weight_g\", the gains of a normalised weight");
    }
    AxisOrder order = isInputFirst(name, axes) ? AxisOrder.INPUT_FIRST : AxisOrder.OUTPUT_FIRST;
    String readout = ReadoutNames.reason(name);
    if (!readout.isEmpty()) {
      return new NameHint(ParameterKind.READOUT, readout, order);
    }
    if (isEmbedding(name)) {
      return hint(ParameterKind.EMBEDDING, "two axes, and the name's " + quoted(name.owner()));
    }
    if (isBias(name)) {
      return hint(ParameterKind.BIAS, "the name's " + quoted(name.tensor()));
    }
    String reason =
        isNumberedHead(name)
            ? "two axes, one of the layers of " + quoted(name.parent()) + ", perhaps not the last"
            : "two axes";
    return new NameHint(ParameterKind.MATRIX, reason, order);
  }

  private static NameHint kernel(ParameterName name, List<Long> axes) {
    if (axes.size() > MOST_CONVOLUTION_AXES) {
      return hint(ParameterKind.UNKNOWN, axes.size() + " axes, a convolution has at most five");
    }
    if (name.tensor().equals("weight_g")) {
      return hint(ParameterKind.GAIN, "\"weight_g\", the gains of a normalised weight");
    }
    if (name.named() && isEmbedding(name)) {
      return hint(ParameterKind.EMBEDDING, "a table, by the name's " + quoted(name.owner()));
    }
    if ((name.named() && name.parents().contains("experts"))
        || name.ownerWords().contains("exps")
        || name.tensor().startsWith("W_")) {
      return hint(ParameterKind.UNKNOWN, "a stack of matrices, of experts or heads");
    }
    if (!isKernel(name)) {
      return isConvolution(name, axes)
          ? hint(ParameterKind.CONVOLUTION, axes.size() + " axes")
          : hint(
              ParameterKind.UNKNOWN,
              axes.size() + " axes under a name of its own: perhaps a stack of matrices");
    }
    AxisOrder order = kernelOrder(name, axes);
    return order == AxisOrder.INPUT_THEN_HEADS || order == AxisOrder.HEADS_THEN_OUTPUT
        ? new NameHint(ParameterKind.MATRIX, "a matrix, its heads on an axis of their own", order)
        : new NameHint(ParameterKind.CONVOLUTION, axes.size() + " axes", order);
  }

  /** The layers of Flax and Keras, whose attentions keep heads apart. */
  private static AxisOrder kernelOrder(ParameterName name, List<Long> axes) {
    if (name.tensor().equals("depthwise_kernel")) {
      return AxisOrder.DEPTHWISE;
    }
    if (axes.size() != 3) {
      return AxisOrder.INPUT_FIRST;
    }
    return switch (name.owner()) {
      case "query", "key", "value" -> AxisOrder.INPUT_THEN_HEADS;
      case "attention_output" -> AxisOrder.HEADS_THEN_OUTPUT;
      case "out" ->
          name.parent().contains("attention") || name.parent().contains("attn")
              ? AxisOrder.HEADS_THEN_OUTPUT
              : AxisOrder.INPUT_FIRST;
      default -> AxisOrder.INPUT_FIRST;
    };
  }

  /** Under a name of its own only what looks like one: a square kernel of few positions. */
  private static boolean isConvolution(ParameterName name, List<Long> axes) {
    boolean weight = !name.named() && (name.tensor().equals("w") || !isLetter(name));
    if (weight || name.ownerWords().contains("conv")) {
      return true;
    }
    List<Long> kernel = axes.subList(2, axes.size());
    return kernel.size() > 1
        && kernel.stream().distinct().count() == 1
        && kernel.get(0) < axes.get(0);
  }

  /**
   * Tensors that are broadcast carry leading ones, {@code pos_embed [1, 197, 768]}, and vectors
   * trailing ones, {@code layer_scale [96, 1, 1]}.
   */
  private static List<Long> withoutOnes(ParameterName name, List<Long> shape) {
    boolean broadcast = !(isWeight(name) || isKernel(name)) || isNorm(name);
    int from = 0;
    while (broadcast && from < shape.size() - 1 && shape.get(from) == 1) {
      from++;
    }
    List<Long> axes = shape.subList(from, shape.size());
    boolean vector =
        broadcast && shape.size() > 2 && axes.stream().skip(1).allMatch(axis -> axis == 1);
    return vector ? axes.subList(0, 1) : axes;
  }

  /** w1, w_up */
  private static boolean isLetter(ParameterName name) {
    return name.firstTensorWord().equals("w");
  }

  private static boolean isBias(ParameterName name) {
    return BIAS_WORDS.contains(name.firstTensorWord()) || name.lastTensorWord().equals("bias");
  }

  private static boolean isWeight(ParameterName name) {
    return WEIGHT_WORDS.contains(name.firstTensorWord()) || name.lastTensorWord().equals("weight");
  }

  private static boolean isKernel(ParameterName name) {
    return name.firstTensorWord().equals("kernel") || name.lastTensorWord().equals("kernel");
  }

  private static boolean isNorm(ParameterName name) {
    return name.ownerWords().stream().anyMatch(NORM_WORDS::contains);
  }

  private static boolean isEmbedding(ParameterName name) {
    List<String> words = name.ownerWords();
    if (words.contains("relative") && words.contains("bias")) {
      return true;
    }
    if (name.owner().equals("shared") && !name.isInsideBlock()) {
      return true;
    }
    return words.stream().anyMatch(EMBEDDING_WORDS::contains)
        && words.stream().noneMatch(LAYER_WORDS::contains);
  }

  private static boolean isNumberedHead(ParameterName name) {
    return name.isNumbered() && ReadoutNames.isContainer(name.parent());
  }

  private static boolean isMatrix(@Nullable NameHint hint) {
    return hint != null && hint.kind() == ParameterKind.MATRIX;
  }

  private static DeclaredParameter later(DeclaredParameter a, DeclaredParameter b) {
    String first = ParameterName.parse(a.name()).owner();
    String second = ParameterName.parse(b.name()).owner();
    // By length first, for these are numbers that may be longer than any integer.
    boolean secondIsLater =
        first.length() == second.length()
            ? second.compareTo(first) > 0
            : second.length() > first.length();
    return secondIsLater ? b : a;
  }

  /**
   * GPT-2 keeps its matrices as {@code [fanIn, fanOut]}, others with the same names the other way
   * round; where the layer widens or narrows by its purpose the shape shows which it is.
   */
  private static boolean isInputFirst(ParameterName name, List<Long> axes) {
    boolean widens = axes.get(0) < axes.get(1);
    return switch (name.owner()) {
      case "c_attn", "c_fc" -> widens;
      case "c_proj" -> name.parent().equals("mlp") && axes.get(0) > axes.get(1);
      default -> isKernel(name);
    };
  }

  private static NameHint hint(ParameterKind kind, String reason) {
    return new NameHint(kind, reason, AxisOrder.OUTPUT_FIRST);
  }

  private static String quoted(String text) {
    return UntrustedText.quote(text);
  }
}
