package org.widthwise.audit.model;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;

/** A pattern for parameters' names, in which {@code *} and {@code ?} stand for any characters. */
final class NameGlob {

  private NameGlob() {}

  static boolean matches(String glob, String name) {
    try {
      // A slash would end the glob's star; names of Flax's parameters have some.
      return matcher(glob.replace('/', '.')).matches(Path.of(name.replace('/', '.')));
    } catch (InvalidPathException impossibleName) {
      return false;
    }
  }

  static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException malformed) {
      throw new IllegalArgumentException(
          "'%s' is not a glob: %s".formatted(glob, malformed.getDescription()), malformed);
    }
  }
}
