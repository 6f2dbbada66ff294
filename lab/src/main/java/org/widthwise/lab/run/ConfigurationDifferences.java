package org.widthwise.lab.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says in words how two configurations differ, for the one who wants to go on with the other. */
public final class ConfigurationDifferences {

  private ConfigurationDifferences() {}

  /**
   * What differs.
   *
   * @param there the configuration that is stored
   * @param here the one that is asked for
   * @return a phrase for each value that differs, such as {@code seed is 1 there and 2 here}; empty
   *     if none does
   */
  public static List<String> between(JsonNode there, JsonNode here) {
    List<String> differences = new ArrayList<>();
    add("", there, here, differences);
    return List.copyOf(differences);
  }

  private static void add(String name, JsonNode there, JsonNode here, List<String> differences) {
    if (there.isObject() && here.isObject()) {
      Set<String> keys = new LinkedHashSet<>();
      here.fieldNames().forEachRemaining(keys::add);
      there.fieldNames().forEachRemaining(keys::add);
      for (String key : keys) {
        String inner = name.isEmpty() ? key : name + "." + key;
        add(inner, there.path(key), here.path(key), differences);
      }
    } else if (!there.equals(here)) {
      differences.add("%s is %s there and %s here".formatted(name, word(there), word(here)));
    }
  }

  private static String word(JsonNode value) {
    return value.isMissingNode() ? "not set" : value.toString();
  }
}
