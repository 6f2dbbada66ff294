package org.widthwise.lab.plot;

import java.util.List;

/**
 * The whole description of a figure. Every text is plain: runs of white space become one space,
 * control characters are dropped, and superscripts are Unicode's own (⁻¹). Long text is wrapped.
 *
 * @param title the heading; may be empty
 * @param subtitle lines under the heading
 * @param panels the panels, laid out row by row
 * @param columns how many panels stand side by side
 * @param bandLabel what the shaded bands mean, for the legend, such as “±1 s.d. over 10 trials”;
 *     empty to leave that out
 * @param caption lines at the foot: source of the data, configuration
 */
public record Figure(
    String title,
    List<String> subtitle,
    List<Panel> panels,
    int columns,
    String bandLabel,
    List<String> caption) {
  /** The most panels that may stand side by side. */
  public static final int MAX_COLUMNS = 4;

  /**
   * Checks the columns and copies the lists.
   *
   * @param title the heading; may be empty
   * @param subtitle lines under the heading
   * @param panels the panels, laid out row by row
   * @param columns how many panels stand side by side
   * @param bandLabel what the shaded bands mean, for the legend, such as “±1 s.d. over 10 trials”;
   *     empty to leave that out
   * @param caption lines at the foot: source of the data, configuration
   * @throws IllegalArgumentException if there is no panel or {@code columns} is not 1 to {@value
   *     #MAX_COLUMNS}
   */
  public Figure {
    subtitle = List.copyOf(subtitle);
    panels = List.copyOf(panels);
    caption = List.copyOf(caption);
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("A figure needs at least one panel, but has none.");
    }
    if (columns < 1 || columns > MAX_COLUMNS) {
      throw new IllegalArgumentException(
          "A figure has 1 to " + MAX_COLUMNS + " columns, not " + columns + ".");
    }
  }

  /**
   * A figure with a heading and panels; bands are named “±1 s.d.”.
   *
   * @param title the heading
   * @param columns how many panels stand side by side
   * @param panels the panels, laid out row by row
   * @return the figure
   * @throws IllegalArgumentException if there is no panel or {@code columns} is not 1 to {@value
   *     #MAX_COLUMNS}
   */
  public static Figure of(String title, int columns, List<Panel> panels) {
    return new Figure(title, List.of(), panels, columns, "±1 s.d.", List.of());
  }

  /**
   * This figure with lines under its heading.
   *
   * @param lines the lines
   * @return the new figure
   */
  public Figure withSubtitle(String... lines) {
    return new Figure(title, List.of(lines), panels, columns, bandLabel, caption);
  }

  /**
   * This figure with another meaning of the bands.
   *
   * @param newBandLabel the words for the legend
   * @return the new figure
   */
  public Figure withBandLabel(String newBandLabel) {
    return new Figure(title, subtitle, panels, columns, newBandLabel, caption);
  }

  /**
   * This figure with lines at its foot.
   *
   * @param lines the lines
   * @return the new figure
   */
  public Figure withCaption(String... lines) {
    return new Figure(title, subtitle, panels, columns, bandLabel, List.of(lines));
  }
}
