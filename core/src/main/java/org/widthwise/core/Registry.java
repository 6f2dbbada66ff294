package org.widthwise.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Things with a name: those that the project brings and those that other jars on the class path
 * provide as services.
 *
 * @param <T> what is registered
 */
public final class Registry<T> {

  private final String noun;
  private final Function<T, String> name;
  private final List<T> entries;

  /**
   * Collects the entries.
   *
   * @param noun what an entry is called in messages
   * @param type the service's interface
   * @param name reads an entry's name
   * @param builtIn the project's own entries
   * @throws IllegalStateException if two entries share a name, or one is not in lower case
   */
  public Registry(String noun, Class<T> type, Function<T, String> name, List<T> builtIn) {
    this.noun = noun;
    this.name = name;
    List<T> found = new ArrayList<>(builtIn);
    ServiceLoader.load(type, type.getClassLoader()).forEach(found::add);
    this.entries = List.copyOf(found);
    for (String given : found.stream().map(name).toList()) {
      if (given.isBlank() || !given.equals(given.toLowerCase(Locale.ROOT))) {
        throw new IllegalStateException(
            "the name of a %s must be in lower case to be found, but one is '%s'"
                .formatted(noun, given));
      }
    }
    if (found.stream().map(name).distinct().count() < found.size()) {
      throw new IllegalStateException("two of these share a name: " + names());
    }
  }

  /**
   * Finds an entry by name.
   *
   * @param wanted the name, in any case
   * @return the entry
   * @throws IllegalArgumentException if there is none; the message lists the known names
   */
  public T named(String wanted) {
    return entries.stream()
        .filter(entry -> name.apply(entry).equals(wanted.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown %s '%s': known are %s".formatted(noun, wanted, names())));
  }

  /**
   * Every entry, the project's own first.
   *
   * @return the entries
   */
  public List<T> all() {
    return entries;
  }

  private String names() {
    return entries.stream().map(name).collect(Collectors.joining(", "));
  }
}
