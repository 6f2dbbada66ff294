package org.widthwise.audit.model;

import java.util.regex.Pattern;

/**
 * A pattern for parameters' names, in which {@code *} stands for any characters and {@code ?} for
 * one. All others stand for themselves, for names such as {@code wqkv.weight[key]} have brackets; a
 * slash, as in names of Flax's parameters, is as good as a dot.
 */
final class NameGlob {

  private NameGlob() {}

  static boolean matches(String glob, String name) {
    StringBuilder expression = new StringBuilder();
    dotted(glob)
        .codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '*' -> expression.append(".*");
                case '?' -> expression.append('.');
                default -> expression.append(Pattern.quote(Character.toString(point)));
              }
            });
    return Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(dotted(name)).matches();
  }

  private static String dotted(String text) {
    return text.replace('/', '.');
  }
}
