package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * The maps that lie one after another along the first dimension of a fused parameter, by name and
 * in their order; their sizes may differ, as those of queries, keys and values do where queries
 * share heads of keys. Each becomes a parameter of the plan, with a scale, a direction and a state
 * of its own: that of {@code wqkv.weight} which is called {@code query} is {@code
 * wqkv.weight[query]}.
 *
 * <p>Maps that alternate by head, as in GPT-NeoX's {@code query_key_value}, are no parts: they do
 * not lie in one piece.
 */
public final class Parts {

  private static final String RESERVED = ".[]/";

  private final Map<String, Long> shares;
  private final boolean exact;

  private Parts(Map<String, Long> shares, boolean exact) {
    this.shares = Collections.unmodifiableMap(shares);
    this.exact = exact;
  }

  /**
   * A part as it lies in a parameter.
   *
   * @param name what it is called
   * @param size how many rows it has
   */
  record Part(String name, long size) {}

  /**
   * No parts yet, whose shares are proportions: of a first dimension of any size each part has its
   * share, so that one declaration serves all widths.
   *
   * @return no parts, to which {@link #with} adds some
   */
  public static Parts inProportion() {
    return new Parts(new LinkedHashMap<>(), false);
  }

  /**
   * No parts yet, whose shares are the sizes themselves; they must add up to the first dimension.
   *
   * @return no parts, to which {@link #with} adds some
   */
  public static Parts ofSizes() {
    return new Parts(new LinkedHashMap<>(), true);
  }

  /**
   * First all queries, then all keys, then all values, of heads that have one size: {@code query},
   * {@code key} and {@code value}.
   *
   * @param queries how many heads of queries there are
   * @param keys how many heads of keys, and as many of values: a divisor of it
   * @return the parts, in the proportion queries : keys : keys
   * @throws IllegalArgumentException if there is not at least one head of each, or the queries
   *     cannot share the keys equally
   */
  public static Parts ofHeads(long queries, long keys) {
    if (keys < 1 || queries < 1 || queries % keys != 0) {
      throw new IllegalArgumentException(
          ("%d heads of queries cannot share %d of keys: their number must be a multiple of that of"
                  + " the keys, which is at least 1")
              .formatted(queries, keys));
    }
    return inProportion().with("query", queries).with("key", keys).with("value", keys);
  }

  /**
   * These and one more, which lies after them.
   *
   * @param name what it is called, such as {@code key}; another name than the others', without
   *     {@code . [ ]} and {@code /}
   * @param share its size, or its proportion; at least 1
   * @return the parts
   * @throws IllegalArgumentException if it is no such name or share
   */
  public Parts with(String name, long share) {
    if (name.isBlank() || name.chars().anyMatch(c -> RESERVED.indexOf(c) >= 0)) {
      throw new IllegalArgumentException(
          "a part cannot be called '%s': a name such as 'key' has none of . [ ] /".formatted(name));
    }
    if (share < 1) {
      throw new IllegalArgumentException(
          "the part '%s' cannot have the share %d: a share is at least 1".formatted(name, share));
    }
    Map<String, Long> more = new LinkedHashMap<>(shares);
    if (more.put(name, share) != null) {
      throw new IllegalArgumentException(
          "there is a part '%s' already: names must differ".formatted(name));
    }
    return new Parts(more, exact);
  }

  /** The name in a plan. */
  static String name(String parameter, String part) {
    return parameter + "[" + part + "]";
  }

  /** The names in a plan, in their order. */
  List<String> names(String parameter) {
    return shares.keySet().stream().map(part -> name(parameter, part)).toList();
  }

  /**
   * The parts of a parameter.
   *
   * @param parameter its name, for messages
   * @param dimensions its dimensions
   * @throws IllegalArgumentException if the first is not made up of them
   */
  List<Part> of(String parameter, List<Long> dimensions) {
    if (shares.size() < 2) {
      throw new IllegalArgumentException(
          "'%s' is to be parted, but into %s: name at least two parts, as Parts.ofHeads(32, 8) does"
              .formatted(parameter, shares.isEmpty() ? "none" : "one alone"));
    }
    long rows = dimensions.get(0);
    long sum = total(Math::addExact);
    // The shares of rows are whole numbers exactly if rows is a multiple of the reduced sum.
    long least = exact ? sum : sum / total(Parts::greatestCommonDivisor);
    if (exact ? rows != sum : rows % least != 0) {
      throw new IllegalArgumentException(
          "'%s' of shape %s is not made up of %s: its first dimension must be %s, but is %d"
              .formatted(
                  parameter,
                  dimensions,
                  this,
                  exact ? "their sum, %d".formatted(sum) : "a multiple of %d".formatted(least),
                  rows));
    }
    List<Part> parts = new ArrayList<>();
    long unit = exact ? 1 : rows / least;
    long reduction = exact ? 1 : sum / least;
    shares.forEach((name, share) -> parts.add(new Part(name, share / reduction * unit)));
    return parts;
  }

  private long total(BinaryOperator<Long> operator) {
    return shares.values().stream().reduce(operator).orElseThrow();
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  /**
   * The parts as a message names them.
   *
   * @return such as {@code query 32 : key 8 : value 8}, or with {@code +} for sizes
   */
  @Override
  public String toString() {
    return shares.entrySet().stream()
        .map(part -> part.getKey() + " " + part.getValue())
        .collect(Collectors.joining(exact ? " + " : " : "));
  }
}
