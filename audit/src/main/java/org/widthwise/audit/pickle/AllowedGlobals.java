package org.widthwise.audit.pickle;

import java.util.Set;

/**
 * Which names a pickle may speak of.
 *
 * @param names those that may occur at all: module and name, joined by a dot
 * @param functions those of them that the pickle may call
 * @param advice what to do about a file with other names, to end a message: "save … instead"
 */
public record AllowedGlobals(Set<String> names, Set<String> functions, String advice) {

  /**
   * Copies the sets.
   *
   * @param names the names
   * @param functions the functions
   * @param advice the advice
   */
  public AllowedGlobals {
    names = Set.copyOf(names);
    functions = Set.copyOf(functions);
    if (!names.containsAll(functions)) {
      throw new IllegalArgumentException("functions " + functions + " must be among " + names);
    }
  }
}
