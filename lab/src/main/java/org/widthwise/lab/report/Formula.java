package org.widthwise.lab.report;

import java.util.List;
import org.widthwise.lab.plot.Subscripts;

/** Sets formulae of plain Unicode, and sentences with some in them. */
final class Formula {

  private Formula() {}

  /** A formula, in the typeface for mathematics. */
  static Html of(String formula) {
    return Html.of("span", within(formula)).with("class", "formula");
  }

  /** A sentence, with subscripts where it has formulae. */
  static List<Html> within(String sentence) {
    return Subscripts.parts(sentence).stream()
        .map(
            part ->
                part.lowered() ? Html.of("sub", part.characters()) : Html.text(part.characters()))
        .toList();
  }
}
