package org.widthwise.audit.model;

import java.util.OptionalInt;

/**
 * How many heads the attentions of a model have, which decides where queries, keys and values lie
 * in a fused projection whose outputs alternate by head.
 *
 * @param queries how many heads of queries there are, 1 or more
 * @param keyValues how many heads of keys, and as many of values; empty where that is not said and
 *     the projection's shape is to tell
 * @param size the outputs of each head; empty where the shapes are to tell
 * @param layout in which order a fused projection has them
 * @param source who says so
 */
public record AttentionHeads(
    int queries, OptionalInt keyValues, OptionalInt size, Layout layout, Source source) {

  /** The order of a fused projection's outputs. */
  public enum Layout {
    /**
     * For each head of keys its heads of queries, then its keys, then its values: GPT-NeoX and
     * BLOOM, where each head of queries has its own, Falcon, and InternLM2.
     */
    BY_HEAD,
    /** All queries, then all keys, then all values. */
    CONSECUTIVE,
    /** It is not known how this model has them. */
    UNKNOWN
  }

  /** Who says how many there are. */
  public enum Source {
    /** The user, who is to be told where it cannot be. */
    USER("as declared"),
    /** A configuration beside the checkpoint, which may be of another model. */
    CONFIGURATION("by config.json");

    private final String words;

    Source(String words) {
      this.words = words;
    }

    /**
     * In a few words.
     *
     * @return such as {@code by config.json}
     */
    public String words() {
      return words;
    }
  }

  /**
   * Checks the numbers.
   *
   * @param queries how many heads of queries
   * @param keyValues how many heads of keys
   * @param size the outputs of each
   * @param layout their order
   * @param source who says so
   * @throws IllegalArgumentException if a number is below 1, or there are no equally many queries
   *     to each head of keys
   */
  public AttentionHeads {
    if (queries < 1 || keyValues.orElse(1) < 1 || size.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "heads and their sizes must be 1 or more, not %d of queries, %s of keys, of size %s"
              .formatted(queries, words(keyValues), words(size)));
    }
    if (queries % keyValues.orElse(1) != 0) {
      throw new IllegalArgumentException(
          "each head of keys must serve equally many heads of queries, but %d are no multiple of %d"
              .formatted(queries, keyValues.getAsInt()));
    }
  }

  private static String words(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "unknown";
  }

  /**
   * Reads {@code N} or {@code N,KV}: heads of queries, and heads of keys where they are fewer.
   *
   * @param text such as {@code 128,8}
   * @return heads by which a fused projection's outputs alternate
   * @throws IllegalArgumentException if the text is not of that form or the numbers are none of
   *     heads
   */
  public static AttentionHeads parse(String text) {
    int comma = text.indexOf(',');
    try {
      int queries = Integer.parseInt((comma < 0 ? text : text.substring(0, comma)).trim());
      OptionalInt keyValues =
          comma < 0
              ? OptionalInt.empty()
              : OptionalInt.of(Integer.parseInt(text.substring(comma + 1).trim()));
      return new AttentionHeads(
          queries, keyValues, OptionalInt.empty(), Layout.BY_HEAD, Source.USER);
    } catch (NumberFormatException noNumbers) {
      throw new IllegalArgumentException(
          "'%s' is not of the form N or N,KV, such as 128,8: heads of queries, and of keys where they"
                  .formatted(text)
              + " are fewer",
          noNumbers);
    }
  }
}
