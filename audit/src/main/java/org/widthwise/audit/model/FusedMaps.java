package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * Tells which maps lie one after another in the outputs of a fused projection, such as queries,
 * keys and values of GPT-2's {@code c_attn}. Condition 1 is about each of them.
 *
 * <p>Only layouts that a family's name stands for are split. Where queries are more than keys, as
 * with grouped queries, their number is the fan-in of the attention's output projection.
 *
 * @param maps the maps in their order; empty where the tensor is fused but its layout is not known
 * @param reason how it was split, or why not
 */
public record FusedMaps(List<Part> maps, String reason) {

  private static final List<String> ATTENTION = List.of("query", "key", "value");
  private static final List<String> LSTM = List.of("input", "forget", "cell", "output");
  private static final List<String> GRU = List.of("reset", "update", "new");
  private static final List<String> GATED = List.of("gate", "up");
  private static final List<String> OUTPUT_PROJECTIONS =
      List.of("o_proj", "out_proj", "c_proj", "proj", "to_out.0", "dense", "attn_output");

  /**
   * One map: consecutive outputs.
   *
   * @param map what it is
   * @param from its first output
   * @param count how many it has, 1 or more
   */
  public record Part(String map, long from, long count) {}

  /**
   * Copies the list.
   *
   * @param maps the maps
   * @param reason how it was split
   */
  public FusedMaps {
    maps = List.copyOf(maps);
  }

  /**
   * Looks whether a parameter is fused.
   *
   * @param name its name
   * @param shapes all parameters of the model by name, itself included, outputs first
   * @return the maps; empty for what is no fused matrix, nor its bias
   */
  public static Optional<FusedMaps> of(String name, Map<String, ParameterShape> shapes) {
    ParameterShape shape = shapes.get(name);
    if (shape == null || !(shape.role() == Role.MATRIX || shape.role() == Role.BIAS)) {
      return Optional.empty();
    }
    long outputs = shape.dimensions().get(0);
    ParameterName parsed = ParameterName.parse(name);
    String tensor = parsed.tensor();
    if (tensor.matches("(weight|bias)_(ih|hh)_l\\d+(_reverse)?")) {
      return Optional.ofNullable(recurrent(name, outputs, shapes));
    }
    return switch (parsed.owner()) {
      case "c_attn", "qkv", "to_qkv", "attn_qkv" -> Optional.of(attention(name, outputs, shapes));
      case "qkv_proj" ->
          Optional.of(
              parsed.parent().equals("self_attn")
                  ? attention(name, outputs, shapes)
                  : unknown("queries, keys and values lie in an order that differs by model"));
      case "in_proj" ->
          tensor.startsWith("in_proj_")
              ? Optional.of(attention(name, outputs, shapes))
              : Optional.empty();
      case "wqkv" ->
          Optional.of(
              name.contains("Wqkv")
                  ? attention(name, outputs, shapes)
                  : unknown("queries, keys and values alternate by group of heads"));
      case "query_key_value" ->
          Optional.of(
              unknown("queries, keys and values alternate by head, and no shape tells how many"));
      case "gate_up_proj", "w12" -> Optional.ofNullable(equal(GATED, outputs));
      default -> Optional.empty();
    };
  }

  private static FusedMaps unknown(String why) {
    return new FusedMaps(List.of(), "measured as a whole: " + why);
  }

  private static @Nullable FusedMaps equal(List<String> names, long outputs) {
    if (outputs % names.size() != 0) {
      return null;
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      long count = outputs / names.size();
      parts.add(new Part(names.get(i), i * count, count));
    }
    return new FusedMaps(parts, "split into " + String.join(", ", names));
  }

  /** Gates of the side of the recurrent matrix, which is square but for their number. */
  private static @Nullable FusedMaps recurrent(
      String name, long outputs, Map<String, ParameterShape> shapes) {
    ParameterShape hidden =
        shapes.get(name.replace("_ih_l", "_hh_l").replaceFirst("bias_(hh_l[^.]*)$", "weight_$1"));
    if (hidden == null || hidden.role() != Role.MATRIX) {
      return null;
    }
    long side = hidden.fans().fanIn();
    if (outputs == LSTM.size() * side) {
      return equal(LSTM, outputs);
    }
    return outputs == GRU.size() * side ? equal(GRU, outputs) : null;
  }

  private static FusedMaps attention(
      String name, long outputs, Map<String, ParameterShape> shapes) {
    long queries = queries(name, outputs, shapes);
    long others = outputs - queries;
    long keys = others / 2;
    if (queries < 1 || keys < 1 || others % 2 != 0 || queries % keys != 0) {
      return unknown("the numbers of queries, keys and values cannot be told");
    }
    return new FusedMaps(
        List.of(
            new Part(ATTENTION.get(0), 0, queries),
            new Part(ATTENTION.get(1), queries, keys),
            new Part(ATTENTION.get(2), queries + keys, keys)),
        "split into " + String.join(", ", ATTENTION));
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
