package org.widthwise.lab.plot;

import java.util.List;
import java.util.OptionalInt;

/**
 * One line under a {@link Panel}. Notes with as many cells as each other line up as a table.
 *
 * @param style the style whose marker stands before the note, or empty for none
 * @param cells the words, such as “μP”, “slope −0.03 ± 0.02”, “predicted 0”, “holds”
 */
public record Note(OptionalInt style, List<String> cells) {
  /**
   * Checks the style and copies the cells.
   *
   * @param style the style whose marker stands before the note, or empty for none
   * @param cells the words, such as “μP”, “slope −0.03 ± 0.02”, “predicted 0”, “holds”
   * @throws IllegalArgumentException if the style is negative
   */
  public Note {
    style.ifPresent(Styles::requireValid);
    cells = List.copyOf(cells);
  }

  /**
   * A note without a marker.
   *
   * @param cells the words
   * @return the note
   */
  public static Note of(String... cells) {
    return new Note(OptionalInt.empty(), List.of(cells));
  }

  /**
   * A note on one series.
   *
   * @param style the style of the series
   * @param cells the words
   * @return the note
   * @throws IllegalArgumentException if {@code style} is negative
   */
  public static Note on(int style, String... cells) {
    return new Note(OptionalInt.of(style), List.of(cells));
  }
}
