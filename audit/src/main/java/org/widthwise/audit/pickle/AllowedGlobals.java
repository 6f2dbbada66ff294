package org.widthwise.audit.pickle;

import java.util.Set;

/**
 * Which names a pickle may speak of.
 *
 * @param names those that may occur at all: module and name, joined by a dot
 * @param functions those of them that the pickle may call
 * @param opaque those of the functions whose values nothing needs, so that any state may be set to
 *     them
 * @param advice what to do about a file with other names, to end a message: "save … instead"
 */
public record AllowedGlobals(
    Set<String> names, Set<String> functions, Set<String> opaque, String advice) {

  /**
   * Copies the sets.
   *
   * @param names the names
   * @param functions the functions
   * @param opaque those whose values nothing needs
   * @param advice the advice
   */
  public AllowedGlobals {
    names = Set.copyOf(names);
    functions = Set.copyOf(functions);
    opaque = Set.copyOf(opaque);
    if (!names.containsAll(functions) || !functions.containsAll(opaque)) {
      throw new IllegalArgumentException(
          "functions %s must be among %s, and %s among them".formatted(functions, names, opaque));
    }
  }
}
