package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * Tells which maps share the outputs of a fused projection, such as queries, keys and values of
 * GPT-2's {@code c_attn}. Condition 1 is about each of them.
 *
 * <p>Only layouts that a family's name stands for are split. Where queries are more than keys, as
 * with grouped queries, their number is the fan-in of the attention's output projection. Where maps
 * alternate by head, the number of heads must be told.
 *
 * @param maps the maps in their order; empty where the tensor is fused but its layout is not known
 * @param reason how it was split, or why not
 * @param contradicted whether it was not split since what a configuration says of heads does not
 *     suit it
 */
public record FusedMaps(List<Part> maps, String reason, boolean contradicted) {

  private static final List<String> ATTENTION = List.of("query", "key", "value");
  private static final List<String> KEYS_AND_VALUES = ATTENTION.subList(1, 3);
  private static final List<String> LSTM = List.of("input", "forget", "cell", "output");
  private static final List<String> GRU = List.of("reset", "update", "new");
  private static final List<String> KERAS_GRU = List.of("update", "reset", "new");
  private static final List<String> GATED = List.of("gate", "up");
  private static final List<String> OUTPUT_PROJECTIONS =
      List.of("o_proj", "out_proj", "c_proj", "proj", "to_out.0", "dense", "wo", "attn_output");

  /**
   * One map: runs of consecutive outputs, one or several at a regular distance.
   *
   * @param map what it is
   * @param from its first output
   * @param run how many follow one another, 1 or more
   * @param step how far it is from the beginning of a run to that of the next; times the number of
   *     runs it is the number of all outputs of the projection
   * @param runs how many runs there are, 1 or more
   */
  public record Part(String map, long from, long run, long step, long runs) {

    /**
     * The map's outputs.
     *
     * @return how many it has
     */
    public long count() {
      return run * runs;
    }
  }

  /**
   * Copies the list.
   *
   * @param maps the maps
   * @param reason how it was split
   * @param contradicted whether a configuration does not suit it
   */
  public FusedMaps {
    maps = List.copyOf(maps);
  }

  /**
   * Looks whether a parameter is fused.
   *
   * @param name its name
   * @param shapes all parameters of the model by name, itself included, outputs first
   * @param heads what is known of the heads of attentions, for projections that alternate by them
   * @return the maps; empty for what is no fused matrix, nor its bias
   * @throws IllegalArgumentException if the user says of heads what does not suit the parameter
   */
  public static Optional<FusedMaps> of(
      String name, Map<String, ParameterShape> shapes, Optional<AttentionHeads> heads) {
    ParameterShape shape = shapes.get(name);
    if (shape == null || !(shape.role() == Role.MATRIX || shape.role() == Role.BIAS)) {
      return Optional.empty();
    }
    long outputs = shape.dimensions().get(0);
    ParameterName parsed = ParameterName.parse(name);
    String tensor = parsed.tensor();
    if (tensor.matches("(weight|bias)_(ih|hh)_l\\d+(_reverse)?")) {
      String hidden = name.replace("_ih_l", "_hh_l").replaceFirst("bias_(hh_l[^.]*)$", "weight_$1");
      return Optional.ofNullable(recurrent(outputs, shapes.get(hidden), GRU));
    }
    ParameterShape hidden =
        shapes.get(name.substring(0, lastSeparator(name, name.length()) + 1) + "recurrent_kernel");
    if (hidden != null) {
      return Optional.ofNullable(recurrent(outputs, hidden, KERAS_GRU));
    }
    return switch (parsed.owner()) {
      // GPT-2's cross-attention has its queries in a matrix of their own.
      case "c_attn" ->
          shapes.containsKey(name.replace("c_attn", "q_attn"))
              ? Optional.ofNullable(equal(KEYS_AND_VALUES, outputs))
              : Optional.of(attention(name, outputs, shapes));
      case "qkv", "to_qkv", "attn_qkv" -> Optional.of(attention(name, outputs, shapes));
      case "qkv_proj" ->
          Optional.of(
              parsed.parent().equals("self_attn")
                  ? attention(name, outputs, shapes)
                  : unknown("queries, keys and values lie in an order that differs by model"));
      case "in_proj" ->
          tensor.startsWith("in_proj_")
              ? Optional.of(attention(name, outputs, shapes))
              : Optional.empty();
      case "wqkv", "query_key_value" ->
          Optional.of(
              needsHeads(name)
                  ? byHead(name, outputs, queries(name, outputs, shapes), heads)
                  : attention(name, outputs, shapes));
      case "gate_up_proj", "w12" -> Optional.ofNullable(equal(GATED, outputs));
      default -> Optional.empty();
    };
  }

  /**
   * Whether a parameter is of a kind that can be split only if the number of heads is known.
   *
   * @param name its name
   * @return true for {@code query_key_value} and InternLM2's {@code wqkv}, but not for {@code Wqkv}
   */
  public static boolean needsHeads(String name) {
    String owner = ParameterName.parse(name).owner();
    return owner.equals("query_key_value") || (owner.equals("wqkv") && !name.contains("Wqkv"));
  }

  private static FusedMaps unknown(String why) {
    return new FusedMaps(List.of(), "measured as a whole: " + why, false);
  }

  private static @Nullable FusedMaps equal(List<String> names, long outputs) {
    if (outputs % names.size() != 0) {
      return null;
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      long count = outputs / names.size();
      parts.add(new Part(names.get(i), i * count, count, outputs, 1));
    }
    return split(parts, "");
  }

  private static FusedMaps split(List<Part> parts, String how) {
    return new FusedMaps(
        parts,
        parts.stream().map(Part::map).collect(Collectors.joining(", ", "split into ", how)),
        false);
  }

  /** Gates of the side of the recurrent matrix, which is square but for their number. */
  private static @Nullable FusedMaps recurrent(
      long outputs, @Nullable ParameterShape hidden, List<String> gru) {
    if (hidden == null || hidden.role() != Role.MATRIX) {
      return null;
    }
    long side = hidden.fans().fanIn();
    if (outputs == LSTM.size() * side) {
      return equal(LSTM, outputs);
    }
    return outputs == gru.size() * side ? equal(gru, outputs) : null;
  }

  private static FusedMaps attention(
      String name, long outputs, Map<String, ParameterShape> shapes) {
    long queries = queries(name, outputs, shapes);
    long others = outputs - queries;
    long keys = others / 2;
    if (queries < 1 || keys < 1 || others % 2 != 0 || queries % keys != 0) {
      return unknown("the numbers of queries, keys and values cannot be told");
    }
    // Heads of the size of all keys are as good as any others where maps do not alternate.
    return split(new HeadSplit(queries / keys, 1, keys).parts(ATTENTION, false), "");
  }

  private static FusedMaps byHead(
      String name, long outputs, long queries, Optional<AttentionHeads> told) {
    if (told.isEmpty()) {
      return unknown(
          "queries, keys and values alternate by head, and no shape tells how many there are");
    }
    AttentionHeads heads = told.get();
    if (heads.layout() == AttentionHeads.Layout.UNKNOWN) {
      return unknown(
          "the layout of queries, keys and values is not known of the type of model that"
              + " config.json names");
    }
    try {
      HeadSplit split = HeadSplit.of(outputs, queries, heads);
      boolean alternate = heads.layout() == AttentionHeads.Layout.BY_HEAD;
      return split(
          split.parts(ATTENTION, alternate),
          ": %s, %s".formatted(split.words(), heads.source().words()));
    } catch (IllegalArgumentException mismatch) {
      String what = UntrustedText.quote(name) + ": " + mismatch.getMessage();
      if (heads.source() == AttentionHeads.Source.USER) {
        throw new IllegalArgumentException(what, mismatch);
      }
      return new FusedMaps(List.of(), "measured as a whole: " + mismatch.getMessage(), true);
    }
  }

  /** How many queries there are; 0 if it cannot be told. */
  private static long queries(String name, long outputs, Map<String, ParameterShape> shapes) {
    boolean packed = name.matches("(.*[./])?in_proj_(weight|bias)");
    String module =
        packed
            ? name.substring(0, name.lastIndexOf("in_proj_"))
            : name.substring(0, lastSeparator(name, lastSeparator(name, name.length()) - 1) + 1);
    for (String projection : OUTPUT_PROJECTIONS) {
      ParameterShape output = shapes.get(module + projection + ".weight");
      if (output != null && output.role() == Role.MATRIX) {
        return output.fans().fanIn();
      }
    }
    // Without it only as many of each as there are inputs are beyond doubt.
    ParameterShape weight = shapes.get(name.replaceFirst("bias$", "weight"));
    boolean equal = weight != null && 3 * weight.fans().fanIn() == outputs;
    return equal ? outputs / 3 : 0;
  }

  private static int lastSeparator(String name, int before) {
    return Math.max(name.lastIndexOf('.', before), name.lastIndexOf('/', before));
  }
}
