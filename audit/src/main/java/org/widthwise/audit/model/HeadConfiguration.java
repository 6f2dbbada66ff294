package org.widthwise.audit.model;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.json.JsonText;
import org.widthwise.audit.json.StrictJsonReader;

/**
 * Reads how many heads a model has from the {@code config.json} that transformers leaves beside a
 * checkpoint. Only top-level keys about heads are looked at, under the names that the families have
 * for them; all others are passed over.
 */
public final class HeadConfiguration {

  /** The longest file that is read, in bytes: hundreds of times a usual one. */
  public static final int LONGEST = 1 << 20;

  private static final String FILE = "config.json";

  private static final List<String> QUERIES = List.of("num_attention_heads", "n_head", "n_heads");
  private static final List<String> KEY_VALUES =
      List.of("num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num");
  private static final List<String> SIZES = List.of("head_dim", "kv_channels");
  private static final String MULTI_QUERY = "multi_query";
  private static final String NEW_DECODER = "new_decoder_architecture";
  private static final String GROUPED = "multi_query_attention";
  private static final Set<String> FLAGS = Set.of(MULTI_QUERY, NEW_DECODER, GROUPED);

  private static final String CHAT_GLM = "chatglm";
  private static final Set<String> BY_HEAD =
      Set.of(
          "gpt_neox",
          "gpt_neox_japanese",
          "bloom",
          "falcon",
          "refinedweb",
          "refinedwebmodel",
          "persimmon",
          "internlm2",
          "internlmxcomposer2");

  private final StrictJsonReader json;
  private final Map<String, Integer> numbers = new TreeMap<>();
  private final Map<String, Boolean> flags = new TreeMap<>();
  private @Nullable String type;

  private HeadConfiguration(StrictJsonReader json) {
    this.json = json;
  }

  /**
   * Where the configuration of a checkpoint lies, if it has one.
   *
   * @param checkpoint a checkpoint, as a file or a directory
   * @return the {@code config.json} in that directory, or beside that file; empty if there is none
   */
  public static Optional<Path> beside(Path checkpoint) {
    Path file =
        Files.isDirectory(checkpoint) ? checkpoint.resolve(FILE) : checkpoint.resolveSibling(FILE);
    // One that leads nowhere is worth a word.
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? Optional.of(file) : Optional.empty();
  }

  /**
   * Reads the numbers.
   *
   * @param file a configuration
   * @return what it says; empty if it says nothing of heads
   * @throws MalformedFileException when it cannot be read, is no JSON object, or says of heads what
   *     cannot be
   */
  public static Optional<AttentionHeads> read(Path file) {
    byte[] text = JsonText.read(file, "a configuration", LONGEST);
    try (StrictJsonReader json = StrictJsonReader.of(file, text, 0)) {
      HeadConfiguration configuration = new HeadConfiguration(json);
      json.object("an object", configuration::member);
      json.end();
      return configuration.heads();
    }
  }

  private void member(String key) {
    if (QUERIES.contains(key) || KEY_VALUES.contains(key) || SIZES.contains(key)) {
      if (!json.passNull()) {
        numbers.put(key, number());
      }
    } else if (FLAGS.contains(key)) {
      if (!json.passNull()) {
        flags.put(key, json.truth("true or false"));
      }
    } else if (key.equals("model_type")) {
      if (!json.passNull()) {
        type = json.string("the name of a model's type").toLowerCase(Locale.ROOT);
      }
    } else {
      json.skip();
    }
  }

  private int number() {
    long number = json.integer(1, "an integer from 1 and");
    if (number > Integer.MAX_VALUE) {
      throw json.malformed("is %d, must be below 2^31".formatted(number));
    }
    return (int) number;
  }

  private Optional<AttentionHeads> heads() {
    OptionalInt queries = only(QUERIES);
    if (queries.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new AttentionHeads(
              queries.getAsInt(),
              keyValues(queries.getAsInt()),
              only(SIZES),
              layout(),
              AttentionHeads.Source.CONFIGURATION));
    } catch (IllegalArgumentException unsuitable) {
      throw json.malformed(String.valueOf(unsuitable.getMessage()));
    }
  }

  /** The number that is given under one of some names, or under several alike. */
  private OptionalInt only(List<String> names) {
    List<Integer> all = names.stream().filter(numbers::containsKey).map(numbers::get).toList();
    if (all.stream().distinct().count() > 1) {
      throw json.malformed(
          "gives %s for one thing, by the keys %s"
              .formatted(all, names.stream().filter(numbers::containsKey).toList()));
    }
    return all.isEmpty() ? OptionalInt.empty() : OptionalInt.of(all.get(0));
  }

  private OptionalInt keyValues(int queries) {
    if (flags.containsKey(GROUPED)) {
      // Without it the number of groups is there, but not used.
      return flag(GROUPED) ? only(KEY_VALUES) : OptionalInt.of(queries);
    }
    if (flag(MULTI_QUERY)) {
      boolean grouped =
          flags.containsKey(NEW_DECODER) ? flag(NEW_DECODER) : numbers.containsKey("n_head_kv");
      // Falcon's first architecture has one head of keys, whatever number is given.
      return grouped ? only(KEY_VALUES) : OptionalInt.of(1);
    }
    return only(KEY_VALUES);
  }

  private boolean flag(String key) {
    return flags.getOrDefault(key, false);
  }

  private AttentionHeads.Layout layout() {
    if (type == null) {
      return AttentionHeads.Layout.UNKNOWN;
    }
    if (type.equals(CHAT_GLM)) {
      return flag(GROUPED) ? AttentionHeads.Layout.CONSECUTIVE : AttentionHeads.Layout.BY_HEAD;
    }
    return BY_HEAD.contains(type) ? AttentionHeads.Layout.BY_HEAD : AttentionHeads.Layout.UNKNOWN;
  }
}
