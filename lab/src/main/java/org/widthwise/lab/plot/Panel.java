package org.widthwise.lab.plot;

import java.util.List;

/**
 * One pair of axes with what is drawn between them. A panel without a drawable point says so.
 *
 * @param letter the letter by which a text refers to the panel, such as “A”; may be empty
 * @param title what the panel shows; may be empty
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series the lines, drawn in this order
 * @param guides predicted slopes
 * @param fits measured power laws
 * @param notes lines under the panel
 * @param references known curves to compare with
 */
public record Panel(
    String letter,
    String title,
    Axis x,
    Axis y,
    List<Series> series,
    List<SlopeGuide> guides,
    List<FitLine> fits,
    List<Note> notes,
    List<ReferenceLine> references) {
  /**
   * Copies the lists.
   *
   * @param letter the letter by which a text refers to the panel, such as “A”; may be empty
   * @param title what the panel shows; may be empty
   * @param x the horizontal axis
   * @param y the vertical axis
   * @param series the lines, drawn in this order
   * @param guides predicted slopes
   * @param fits measured power laws
   * @param notes lines under the panel
   * @param references known curves to compare with
   */
  public Panel {
    series = List.copyOf(series);
    guides = List.copyOf(guides);
    fits = List.copyOf(fits);
    notes = List.copyOf(notes);
    references = List.copyOf(references);
  }

  /**
   * A panel of lines alone.
   *
   * @param letter the letter by which a text refers to the panel; may be empty
   * @param title what the panel shows; may be empty
   * @param x the horizontal axis
   * @param y the vertical axis
   * @param series the lines
   * @return the panel
   */
  public static Panel of(String letter, String title, Axis x, Axis y, List<Series> series) {
    return new Panel(letter, title, x, y, series, List.of(), List.of(), List.of(), List.of());
  }

  /**
   * This panel with predicted slopes.
   *
   * @param newGuides the predictions
   * @return the new panel
   */
  public Panel withGuides(List<SlopeGuide> newGuides) {
    return new Panel(letter, title, x, y, series, newGuides, fits, notes, references);
  }

  /**
   * This panel with measured power laws.
   *
   * @param newFits the fits
   * @return the new panel
   */
  public Panel withFits(List<FitLine> newFits) {
    return new Panel(letter, title, x, y, series, guides, newFits, notes, references);
  }

  /**
   * This panel with lines of text under it.
   *
   * @param newNotes the notes
   * @return the new panel
   */
  public Panel withNotes(List<Note> newNotes) {
    return new Panel(letter, title, x, y, series, guides, fits, newNotes, references);
  }

  /**
   * This panel with known curves to compare with.
   *
   * @param newReferences the curves
   * @return the new panel
   */
  public Panel withReferences(List<ReferenceLine> newReferences) {
    return new Panel(letter, title, x, y, series, guides, fits, notes, newReferences);
  }
}
