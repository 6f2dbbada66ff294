package org.widthwise.lab.plot;

import java.util.List;

/**
 * A panel as part of an HTML page. It holds no identifier, script or style, and all text in it is
 * escaped; its colours are those of {@link Figures#toSvg(Figure)}.
 *
 * @param element an {@code svg} element with a label and a description for those who cannot see it
 * @param rules the style rules that it needs somewhere in the page; those of different panels agree
 */
public record InlinePanel(String element, List<String> rules) {
  /**
   * Copies the list.
   *
   * @param element an {@code svg} element
   * @param rules the style rules that it needs somewhere in the page
   */
  public InlinePanel {
    rules = List.copyOf(rules);
  }
}
