package org.widthwise.lab.figure;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import org.widthwise.lab.run.MemberResult;

/** The values of a figure, one schema for every figure. */
final class FigureCsv {

  private FigureCsv() {}

  /**
   * One row for each panel and member, in the order of the panels and of the members' keys, so that
   * the same values give the same bytes whatever order they were measured in.
   */
  static String write(FigureExperiment figure, Collection<MemberResult> results) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord("figure", "panel", "series", "x", "trial", "value");
      for (PanelSpec panel : figure.panels()) {
        for (MemberResult result : results) {
          csv.writeRecord(
              figure.id(),
              panel.id(),
              result.key().series(),
              Long.toString(result.key().x()),
              Integer.toString(result.key().trial()),
              Double.toString(result.values().getOrDefault(panel.id(), Double.NaN)));
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
