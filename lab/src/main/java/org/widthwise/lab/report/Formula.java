package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets a formula of plain Unicode. There is no subscript ℓ or F among its characters, so formulae
 * say {@code n_ℓ₋₁} and {@code ‖W‖_F}.
 */
final class Formula {

  private static final Pattern SUBSCRIPT = Pattern.compile("_(\\p{L}+)([₀₁₂₃₄₅₆₇₈₉₋₊]*)");
  private static final String LOW = "₀₁₂₃₄₅₆₇₈₉₋₊";
  private static final String LEVEL = "0123456789−+";

  private Formula() {}

  static Html of(String formula) {
    List<Html> parts = new ArrayList<>();
    Matcher matcher = SUBSCRIPT.matcher(formula);
    int done = 0;
    while (matcher.find()) {
      parts.add(Html.text(formula.substring(done, matcher.start())));
      parts.add(Html.of("sub", matcher.group(1) + levelled(matcher.group(2))));
      done = matcher.end();
    }
    parts.add(Html.text(formula.substring(done)));
    return Html.of("span", parts).with("class", "formula");
  }

  /** Within a subscript, subscript digits would be lowered twice. */
  private static String levelled(String low) {
    StringBuilder level = new StringBuilder();
    low.chars().forEach(character -> level.append(LEVEL.charAt(LOW.indexOf(character))));
    return level.toString();
  }
}
