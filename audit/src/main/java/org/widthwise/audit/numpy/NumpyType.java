package org.widthwise.audit.numpy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of an array's elements, if it is a simple one.
 *
 * @param bigEndian whether an element's highest byte comes first
 * @param kind NumPy's letter: {@code f} for floats, {@code i} and {@code u} for integers, {@code O}
 *     for objects, and so on
 * @param bytes the element's size
 */
public record NumpyType(boolean bigEndian, char kind, int bytes) {

  private static final Pattern SIMPLE = Pattern.compile("([<>=|])([a-zA-Z])([0-9]{0,6})(\\[.*])?");
  private static final int UNICODE_BYTES = 4;

  /**
   * Finds the type of a description.
   *
   * @param descr the description, such as {@code <f4}
   * @return the type, or empty for structures and what is no type at all
   */
  public static Optional<NumpyType> of(String descr) {
    Matcher matcher = SIMPLE.matcher(descr);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    char kind = matcher.group(2).charAt(0);
    int number = matcher.group(3).isEmpty() ? 0 : Integer.parseInt(matcher.group(3));
    return Optional.of(
        new NumpyType(
            matcher.group(1).equals(">"), kind, kind == 'U' ? number * UNICODE_BYTES : number));
  }

  /**
   * Tells whether the elements are Python objects, which only a pickle can hold.
   *
   * @return true for objects
   */
  public boolean isObject() {
    return kind == 'O';
  }
}
