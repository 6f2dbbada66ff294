package org.widthwise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import org.widthwise.lab.check.CheckResult;
import org.widthwise.lab.check.LayerCheck;
import org.widthwise.lab.check.QuantityCheck;

/** A coordinate check as CSV: a row for each quantity of a layer, in each trial, at each width. */
final class CheckCsv {

  private CheckCsv() {}

  static String of(CheckResult result) throws IOException {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord("layer", "quantity", "trial", "width", "value");
      for (LayerCheck layer : result.layers()) {
        for (QuantityCheck check : layer.quantities()) {
          for (int trial = 0; trial < check.values().size(); trial++) {
            for (int i = 0; i < result.widths().size(); i++) {
              csv.writeRecord(
                  layer.name(),
                  check.quantity().id(),
                  Integer.toString(trial),
                  Integer.toString(result.widths().get(i)),
                  Double.toString(check.values().get(trial).get(i)));
            }
          }
        }
      }
    }
    return text.toString();
  }
}
