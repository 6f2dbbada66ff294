package org.widthwise.core.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.widthwise.core.shape.Parameter;

/** The parameters of a base model, found for those of a wider or deeper one. */
final class Counterparts {

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Map<String, Parameter> byName;
  private final Map<String, List<Parameter>> byPattern;

  private Counterparts(Map<String, Parameter> byName, Map<String, List<Parameter>> byPattern) {
    this.byName = byName;
    this.byPattern = byPattern;
  }

  static Counterparts of(List<Parameter> base) {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    Map<String, List<Parameter>> byPattern = new LinkedHashMap<>();
    for (Parameter parameter : base) {
      if (byName.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException(
            "two parameters of the base model are named '%s': names must be unique"
                .formatted(parameter.name()));
      }
      byPattern
          .computeIfAbsent(pattern(parameter.name()), pattern -> new ArrayList<>())
          .add(parameter);
    }
    return new Counterparts(byName, byPattern);
  }

  private static String pattern(String name) {
    return NUMBER.matcher(name).replaceAll("#");
  }

  Parameter of(String name) {
    Parameter same = byName.get(name);
    if (same != null) {
      return same;
    }
    List<Parameter> alike = byPattern.getOrDefault(pattern(name), List.of());
    if (alike.isEmpty()) {
      throw new IllegalArgumentException(
          "the base model has no parameter '%s'; it has %s".formatted(name, byName.keySet()));
    }
    Parameter first = alike.get(0);
    for (Parameter other : alike) {
      if (!other.shape().equals(first.shape()) || other.branches() != first.branches()) {
        throw new IllegalArgumentException(
            ("the base model has no parameter '%s', and those whose names differ in numbers only,"
                    + " '%s' and '%s', are not alike: name the counterpart by the same name")
                .formatted(name, first.name(), other.name()));
      }
    }
    return first;
  }
}
