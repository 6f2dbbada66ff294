package org.widthwise.audit.model;

import org.jspecify.annotations.Nullable;

/**
 * A number that the user gives for parameters whose names match a glob: how many maps are stacked
 * in them, or how many residual branches are summed beside theirs.
 *
 * @param glob the glob, in which {@code *} and {@code ?} stand for any characters
 * @param count the number, at least 1
 */
public record CountOverride(String glob, int count) {

  /**
   * Reads {@code glob=number}.
   *
   * @param text such as {@code *.qkv.weight=3}
   * @return the override
   * @throws IllegalArgumentException if the text is not of that form, or the number below 1
   */
  public static CountOverride parse(String text) {
    int equals = text.lastIndexOf('=');
    try {
      int count = Integer.parseInt(text.substring(equals + 1).trim());
      if (equals > 0 && count > 0) {
        return new CountOverride(text.substring(0, equals).trim(), count);
      }
    } catch (NumberFormatException noNumber) {
      throw malformed(text, noNumber);
    }
    throw malformed(text, null);
  }

  private static IllegalArgumentException malformed(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "'%s' is not of the form GLOB=N, such as '*.qkv.weight=3', with N at least 1"
            .formatted(text),
        cause);
  }

  /**
   * Whether a name matches the glob.
   *
   * @param name a parameter's name
   * @return true if it does
   */
  public boolean matches(String name) {
    return NameGlob.matches(glob, name);
  }
}
