package org.widthwise.sweep.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.lab.train.NetworkDescription;
import org.widthwise.lab.train.Objective;
import org.widthwise.lab.train.Precision;
import org.widthwise.lab.train.TrainingSettings;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.Normalization;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.optim.Schedule;
import org.widthwise.torch.optim.Schedules;

/**
 * What all trials of a sweep share: the network but for its width, the data, and how long and by
 * what it is trained.
 *
 * @param network the network but for its width
 * @param dataset {@code cifar10}, {@code mnist} or {@code text}
 * @param examples how many of the training examples, the first ones; 0 for all
 * @param steps updates of each trial
 * @param batch examples of a step
 * @param shape of the rates over time: {@code constant}, {@code linear} or {@code cosine}
 * @param warmUp steps of warm-up
 * @param objective what is made small
 * @param precision the type of weights and features
 * @param orthogonalization what optimizers orthogonalise in, {@code float32} or {@code bfloat16}
 * @param decayConvention how weight decay is carried over to each parameter
 * @param divergenceFactor a trial whose loss is so many times what it began with is stopped
 */
public record SweepTask(
    NetworkDescription network,
    String dataset,
    int examples,
    int steps,
    int batch,
    String shape,
    int warmUp,
    Objective objective,
    Precision precision,
    String orthogonalization,
    WeightDecayConvention decayConvention,
    double divergenceFactor) {

  /** The names of the data sets. */
  public static final List<String> DATASETS = List.of("cifar10", "mnist", "text");

  private static final String FLOAT32 = "float32";
  private static final String BFLOAT16 = "bfloat16";
  private static final String ORTHOGONALIZATION = "orthogonalization";
  private static final List<String> SHAPES = List.of("constant", "linear", "cosine");
  private static final Pattern GROUPS = Pattern.compile("group:([0-9]{1,9})");
  private static final double USUAL_DIVERGENCE_FACTOR = 10;

  /**
   * Reads the keys {@code model}, {@code data} and {@code training}.
   *
   * @param node a map that has them, and nothing else
   * @return the task
   * @throws IllegalArgumentException if a key is unknown or a value out of its range
   */
  public static SweepTask parse(JsonNode node) {
    Fields top = new Fields("", node);
    SweepTask task = parse(top);
    top.requireNoOthers();
    return task;
  }

  static SweepTask parse(Fields top) {
    NetworkDescription network =
        network(new Fields("model", top.require("model", "").get("model")));
    boolean text = network.kind() == NetworkDescription.Kind.TRANSFORMER;
    Fields data = new Fields("data", top.has("data") ? top.get("data") : emptyMap());
    String dataset =
        oneOf(
            data.name("set"),
            data.text("set", text ? "text" : "cifar10"),
            text ? List.of("text") : List.of("cifar10", "mnist"));
    int examples = data.whole("examples", 0, 0);
    data.requireNoOthers();
    Fields training = new Fields("training", top.require("training", "").get("training"));
    int steps = training.require("steps", ": the updates of each trial").whole("steps", 1, 1);
    SweepTask task =
        new SweepTask(
            network,
            dataset,
            examples,
            steps,
            training.whole("batch", 1, 64),
            oneOf(training.name("schedule"), training.text("schedule", "constant"), SHAPES),
            training.whole("warm_up", 0, 0),
            Objective.named(training.text("loss", Objective.CROSS_ENTROPY.id())),
            Precision.valueOf(
                oneOf(
                        training.name("precision"),
                        training.text("precision", FLOAT32),
                        List.of(FLOAT32, "float64"))
                    .toUpperCase(Locale.ROOT)),
            oneOf(
                training.name(ORTHOGONALIZATION),
                training.text(ORTHOGONALIZATION, FLOAT32),
                List.of(FLOAT32, BFLOAT16)),
            WeightDecayConvention.named(
                training.text("decay_convention", WeightDecayConvention.INDEPENDENT.id())),
            training.number("divergence_factor", USUAL_DIVERGENCE_FACTOR));
    training.requireNoOthers();
    if (!(task.divergenceFactor > 1)) {
      throw new IllegalArgumentException(
          "training.divergence_factor must be above 1, not " + task.divergenceFactor);
    }
    if (task.warmUp > steps) {
      throw new IllegalArgumentException(
          "training.warm_up takes from 0 to all %d steps, not %d".formatted(steps, task.warmUp));
    }
    return task;
  }

  private static JsonNode emptyMap() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static String oneOf(String key, String word, List<String> known) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (!known.contains(lower)) {
      throw new IllegalArgumentException(
          "%s is one of %s here, not '%s'".formatted(key, String.join(", ", known), word));
    }
    return lower;
  }

  private static NetworkDescription network(Fields model) {
    model.require("kind", ": mlp, resnet or transformer");
    NetworkDescription.Kind kind =
        constant(model, "kind", NetworkDescription.Kind.values(), NetworkDescription.Kind.MLP);
    boolean mlp = kind == NetworkDescription.Kind.MLP;
    boolean transformer = kind == NetworkDescription.Kind.TRANSFORMER;
    // Keys of other kinds of network are not asked for, and so are refused.
    NetworkDescription network =
        new NetworkDescription(
            kind,
            optional(model, "layers"),
            mlp
                ? constant(model, "activation", Activation.values(), Activation.RELU)
                : Activation.RELU,
            (mlp || transformer) && model.flag("bias"),
            transformer
                ? model.whole("context", 1, NetworkDescription.USUAL_CONTEXT)
                : NetworkDescription.USUAL_CONTEXT,
            transformer
                ? model.whole("heads", 1, NetworkDescription.USUAL_HEADS)
                : NetworkDescription.USUAL_HEADS,
            transformer
                ? constant(model, "feed_forward", FeedForward.values(), FeedForward.GELU)
                : FeedForward.GELU,
            transformer ? optional(model, "feed_forward_width") : null,
            kind == NetworkDescription.Kind.RESNET
                ? channelNormalization(model)
                : new ChannelNormalization.Batch(),
            transformer
                ? constant(model, "normalization", Normalization.values(), Normalization.RMS)
                : Normalization.RMS,
            transformer && model.flag("tied"),
            transformer && model.flag("fused"),
            transformer ? rootAttention(model) : null);
    model.requireNoOthers();
    return network;
  }

  private static @Nullable Integer optional(Fields model, String key) {
    return model.has(key) ? (Integer) model.whole(key, 1, 1) : null;
  }

  private static @Nullable Boolean rootAttention(Fields model) {
    return model.has("attention_scale")
        ? (Boolean)
            oneOf(
                    model.name("attention_scale"),
                    model.text("attention_scale", ""),
                    List.of("inverse", "root"))
                .equals("root")
        : null;
  }

  private static <E extends Enum<E>> E constant(
      Fields fields, String key, E[] values, E otherwise) {
    List<String> words = Arrays.stream(values).map(SweepTask::word).toList();
    String word = oneOf(fields.name(key), fields.text(key, word(otherwise)), words);
    return values[words.indexOf(word)];
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static ChannelNormalization channelNormalization(Fields model) {
    String word = model.text("normalization", "batch").toLowerCase(Locale.ROOT);
    Matcher groups = GROUPS.matcher(word);
    if (groups.matches()) {
      return new ChannelNormalization.Group(Integer.parseInt(groups.group(1)));
    }
    oneOf(model.name("normalization"), word, List.of("batch", "group:N"));
    return new ChannelNormalization.Batch();
  }

  /**
   * The task as {@link #parse(JsonNode)} reads it, with every default filled in.
   *
   * @return a map
   */
  public ObjectNode json() {
    ObjectNode top = JsonNodeFactory.instance.objectNode();
    ObjectNode model = top.putObject("model");
    model.put("kind", word(network.kind()));
    if (network.layers() != null) {
      model.put("layers", network.layers());
    }
    switch (network.kind()) {
      case MLP -> {
        model.put("activation", word(network.activation()));
        model.put("bias", network.bias());
      }
      case RESNET ->
          model.put(
              "normalization",
              network.channelNormalization() instanceof ChannelNormalization.Group group
                  ? "group:" + group.groups()
                  : "batch");
      case TRANSFORMER -> {
        model.put("bias", network.bias());
        model.put("context", network.context());
        model.put("heads", network.heads());
        model.put("feed_forward", word(network.feedForward()));
        if (network.feedForwardWidth() != null) {
          model.put("feed_forward_width", network.feedForwardWidth());
        }
        model.put("normalization", word(network.normalization()));
        model.put("tied", network.tied());
        model.put("fused", network.fused());
        if (network.rootAttention() != null) {
          model.put("attention_scale", network.rootAttention() ? "root" : "inverse");
        }
      }
    }
    top.putObject("data").put("set", dataset).put("examples", examples);
    ObjectNode training =
        top.putObject("training")
            .put("steps", steps)
            .put("batch", batch)
            .put("schedule", shape)
            .put("warm_up", warmUp)
            .put("loss", objective.id())
            .put("precision", precision.id())
            .put("decay_convention", decayConvention.id())
            .put("divergence_factor", divergenceFactor);
    if (orthogonalization.equals(BFLOAT16)) {
      // Sweeps that were stored before there was the key are the same sweeps without it.
      training.put(ORTHOGONALIZATION, orthogonalization);
    }
    return top;
  }

  /**
   * The same with more or fewer steps, of which the same share is warm-up.
   *
   * @param newSteps updates of each trial, at least 1
   * @return the task
   */
  public SweepTask withSteps(int newSteps) {
    return new SweepTask(
        network,
        dataset,
        examples,
        newSteps,
        batch,
        shape,
        (int) Math.round((double) warmUp * newSteps / steps),
        objective,
        precision,
        orthogonalization,
        decayConvention,
        divergenceFactor);
  }

  /**
   * The settings of a trial's optimizer.
   *
   * @param trial its configuration
   * @return with the schedule, and in the type that is asked for
   * @throws IllegalArgumentException if the optimizer does not take a setting
   */
  public OptimizerSettings optimizer(TrialConfiguration trial) {
    OptimizerSettings settings = trial.optimizerSettings().withSchedule(schedule());
    return orthogonalization.equals(BFLOAT16)
        ? settings.inBfloat16(trial.recipe(decayConvention))
        : settings;
  }

  /** What an orthogonalisation computes in is said for nothing where no optimizer has one. */
  void requireOrthogonalization(Collection<TrialConfiguration> trials) {
    if (orthogonalization.equals(BFLOAT16)
        && trials.stream()
            .allMatch(
                trial ->
                    optimizer(trial).equals(trial.optimizerSettings().withSchedule(schedule())))) {
      throw new IllegalArgumentException(
          "training.orthogonalization: bfloat16 is for muon, its conventions and scion-spectral;"
              + " no optimizer of this sweep orthogonalises");
    }
  }

  private Schedule schedule() {
    return switch (shape) {
      case "linear" -> new Schedules.Linear(warmUp, steps, 0);
      case "cosine" -> new Schedules.Cosine(warmUp, steps, 0);
      default -> new Schedules.Constant(warmUp);
    };
  }

  /**
   * How a trial is trained.
   *
   * @param seed its seed
   * @return the settings
   */
  public TrainingSettings settings(long seed) {
    return TrainingSettings.withDefaults(steps)
        .withBatch(batch)
        .withSeed(seed)
        .withObjective(objective)
        .withPrecision(precision);
  }
}
