package org.widthwise.lab.experiment;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import org.widthwise.lab.run.MemberResult;

/** The values of an item, one schema for every item. */
final class ItemCsv {

  private ItemCsv() {}

  /**
   * One row for each panel, curve, abscissa and trial, in this order, so that the same values give
   * the same bytes whatever order they were measured in.
   */
  static String write(PaperItem item, Collection<MemberResult> results) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord("figure", "panel", "series", "x", "trial", "value");
      for (PanelSpec panel : item.panels()) {
        for (Curve curve : panel.curves()) {
          for (Map.Entry<Long, SortedMap<Integer, Double>> at : curve.values(results).entrySet()) {
            at.getValue()
                .forEach(
                    (trial, value) ->
                        csv.writeRecord(
                            item.id(),
                            panel.id(),
                            curve.id(),
                            Long.toString(at.getKey()),
                            Integer.toString(trial),
                            Double.toString(value)));
          }
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
