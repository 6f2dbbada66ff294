package org.widthwise.sweep.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.widthwise.audit.json.NearestKey;

/** The keys of one map of a definition: each is asked for once, and what was not is refused. */
final class Fields {

  /** A key with more letters wrong is not taken for another one. */
  private static final int MOST_SLIPS = 2;

  private final String place;
  private final JsonNode node;
  private final Set<String> known = new TreeSet<>();

  /**
   * The keys of a map.
   *
   * @param place where the map is, for messages; empty at the top
   * @param node the map
   * @throws IllegalArgumentException if it is none
   */
  Fields(String place, JsonNode node) {
    this.place = place;
    this.node = node;
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          "%s is to be a map of keys, not %s"
              .formatted(place.isEmpty() ? "a definition" : place, node));
    }
  }

  String name(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  boolean has(String key) {
    known.add(key);
    return node.hasNonNull(key);
  }

  JsonNode get(String key) {
    known.add(key);
    return node.path(key);
  }

  String text(String key, String otherwise) {
    return has(key) ? scalar(key, get(key)) : otherwise;
  }

  private String scalar(String key, JsonNode value) {
    if (!value.isValueNode()) {
      throw new IllegalArgumentException("%s takes one value, not %s".formatted(name(key), value));
    }
    return value.asText();
  }

  int whole(String key, int least, int otherwise) {
    return has(key) ? (int) whole(key, get(key), least, Integer.MAX_VALUE) : otherwise;
  }

  private long whole(String key, JsonNode value, long least, long most) {
    String text = scalar(key, value);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        "%s takes a whole number of at least %d, not %s".formatted(name(key), least, text));
  }

  double number(String key, double otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    String text = scalar(key, get(key));
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException noNumber) {
      throw new IllegalArgumentException(
          "%s takes a number, not %s".formatted(name(key), text), noNumber);
    }
  }

  boolean flag(String key) {
    if (!has(key)) {
      return false;
    }
    String text = scalar(key, get(key));
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("%s is true or false, not %s".formatted(name(key), text));
    }
    return text.equals("true");
  }

  /** The words of a list, or of one text in which commas part them. */
  List<String> words(String key, List<String> otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    List<String> words = new ArrayList<>();
    if (get(key).isArray()) {
      get(key).forEach(value -> words.add(scalar(key, value)));
    } else {
      for (String word : scalar(key, get(key)).split(",", -1)) {
        words.add(word.strip());
      }
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException(name(key) + " is empty");
    }
    return words;
  }

  <T> List<T> each(String key, List<String> otherwise, Function<String, T> reader) {
    return words(key, otherwise).stream().map(reader).distinct().toList();
  }

  List<Integer> wholes(String key, int least, List<String> otherwise) {
    return each(key, otherwise, word -> Math.toIntExact(wholeWord(key, word, least)));
  }

  List<Long> longs(String key, List<String> otherwise) {
    return each(key, otherwise, word -> wholeWord(key, word, Long.MIN_VALUE));
  }

  private long wholeWord(String key, String word, long least) {
    try {
      long number = Long.parseLong(word);
      if (number >= least && (least == Long.MIN_VALUE || number <= Integer.MAX_VALUE)) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        "%s takes whole numbers%s, not '%s'"
            .formatted(name(key), least == Long.MIN_VALUE ? "" : " of at least " + least, word));
  }

  /** Numbers as {@link Rates} reads them. */
  List<Double> rates(String key, String otherwise, long seed) {
    return Rates.parse(name(key), String.join(",", words(key, List.of(otherwise))), seed);
  }

  /** Numbers of at least 0. */
  List<Double> sizes(String key, List<String> otherwise) {
    return each(
        key, otherwise, word -> word.matches("0+(\\.0*)?") ? 0.0 : Rates.number(name(key), word));
  }

  /**
   * Refuses keys that nothing asked for.
   *
   * @throws IllegalArgumentException if there is one; the message names the nearest known key
   */
  void requireNoOthers() {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw new IllegalArgumentException(
                    "unknown key '%s': did you mean '%s'? Known are %s"
                        .formatted(name(key), nearest(key), String.join(", ", known)));
              }
            });
  }

  /**
   * Refuses a map without a key.
   *
   * @throws IllegalArgumentException if it is not there; a key that looks like it is named
   */
  Fields require(String key, String meaning) {
    if (!has(key)) {
      node.fieldNames()
          .forEachRemaining(
              other -> {
                if (!known.contains(other) && NearestKey.distance(other, key) <= MOST_SLIPS) {
                  throw new IllegalArgumentException(
                      "unknown key '%s': did you mean '%s'?".formatted(name(other), key));
                }
              });
      throw new IllegalArgumentException("the key '%s' is missing%s".formatted(name(key), meaning));
    }
    return this;
  }

  private String nearest(String key) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> NearestKey.distance(key, candidate)))
        .orElse("");
  }
}
