package org.widthwise.lab.experiment;

import java.util.List;
import org.widthwise.lab.plot.ReferenceLine;
import org.widthwise.lab.plot.Scale;

/**
 * One panel of an item: a quantity against width, batch size or time.
 *
 * @param id its letter or name, as in the CSV
 * @param title what it shows, in words
 * @param quantity what it shows, as a formula
 * @param source where the paper defines it
 * @param x what it is drawn against
 * @param y how the values are laid out
 * @param curves its curves
 * @param references lines to compare with, such as the largest possible value
 */
public record PanelSpec(
    String id,
    String title,
    String quantity,
    String source,
    Abscissa x,
    Scale y,
    List<Curve> curves,
    List<ReferenceLine> references) {

  /**
   * Copies the lists.
   *
   * @param id its letter or name, as in the CSV
   * @param title what it shows, in words
   * @param quantity what it shows, as a formula
   * @param source where the paper defines it
   * @param x what it is drawn against
   * @param y how the values are laid out
   * @param curves its curves
   * @param references lines to compare with
   */
  public PanelSpec {
    curves = List.copyOf(curves);
    references = List.copyOf(references);
  }

  /**
   * A panel with a logarithmic axis for the values, without references.
   *
   * @param id its letter or name, as in the CSV
   * @param title what it shows, in words
   * @param quantity what it shows, as a formula
   * @param source where the paper defines it
   * @param x what it is drawn against
   * @param curves its curves
   * @return the panel
   */
  public static PanelSpec logLog(
      String id, String title, String quantity, String source, Abscissa x, List<Curve> curves) {
    return new PanelSpec(id, title, quantity, source, x, Scale.LOG10, curves, List.of());
  }

  /**
   * The same with a linear axis for the values.
   *
   * @return the panel
   */
  public PanelSpec withLinearValues() {
    return new PanelSpec(id, title, quantity, source, x, Scale.LINEAR, curves, references);
  }

  /**
   * The same with lines to compare with.
   *
   * @param newReferences the lines
   * @return the panel
   */
  public PanelSpec withReferences(ReferenceLine... newReferences) {
    return new PanelSpec(id, title, quantity, source, x, y, curves, List.of(newReferences));
  }
}
