package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names with their values. */
final class DefinitionList {

  private DefinitionList() {}

  static Html of(List<Map.Entry<String, String>> entries) {
    List<Html> parts = new ArrayList<>();
    entries.forEach(
        entry ->
            parts.add(
                Html.of("div", Html.of("dt", entry.getKey()), Html.of("dd", entry.getValue()))));
    return Html.of("dl", parts);
  }
}
