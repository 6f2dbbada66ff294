package org.widthwise.lab.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Subscripts in formulae of plain Unicode. There is no subscript ℓ or F among its characters, so
 * formulae say {@code n_ℓ₋₁} and {@code ‖W‖_F}: letters after an underscore, with the subscript
 * digits that follow them.
 */
public final class Subscripts {

  private static final Pattern SUBSCRIPT = Pattern.compile("_(\\p{L}+)([₀₁₂₃₄₅₆₇₈₉₋₊]*)");
  private static final String LOW = "₀₁₂₃₄₅₆₇₈₉₋₊";
  private static final String LEVEL = "0123456789−+";

  private Subscripts() {}

  /**
   * A part of a formula.
   *
   * @param characters the characters to be shown, without the underscore
   * @param lowered whether they are a subscript
   */
  public record Part(String characters, boolean lowered) {}

  /**
   * Takes a formula apart.
   *
   * @param formula the formula
   * @return its parts in order, none of them empty
   */
  public static List<Part> parts(String formula) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = SUBSCRIPT.matcher(formula);
    int done = 0;
    while (matcher.find()) {
      if (matcher.start() > done) {
        parts.add(new Part(formula.substring(done, matcher.start()), false));
      }
      parts.add(new Part(matcher.group(1) + levelled(matcher.group(2)), true));
      done = matcher.end();
    }
    if (done < formula.length()) {
      parts.add(new Part(formula.substring(done), false));
    }
    return parts;
  }

  /** Within a subscript, subscript digits would be lowered twice. */
  private static String levelled(String low) {
    StringBuilder level = new StringBuilder();
    low.chars().forEach(character -> level.append(LEVEL.charAt(LOW.indexOf(character))));
    return level.toString();
  }
}
