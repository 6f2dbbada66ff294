package org.widthwise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.widthwise.sweep.transfer.SeriesTransfer;
import org.widthwise.sweep.transfer.WidthOptimum;

/** Whether learning rates transfer, as CSV: a row for each width of a series. */
final class TransferCsv {

  private TransferCsv() {}

  static String of(List<SeriesTransfer> found) throws IOException {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord(
          "series",
          "width",
          "learning_rate",
          "lower",
          "upper",
          "loss",
          "curvature",
          "bracketed",
          "narrow_cost",
          "loss_at_fixed_rate",
          "trials",
          "diverged",
          "drift",
          "drift_standard_error",
          "verdict");
      for (SeriesTransfer series : found) {
        for (WidthOptimum width : series.widths()) {
          csv.writeRecord(
              series.series(),
              Integer.toString(width.width()),
              Double.toString(width.learningRate()),
              Double.toString(width.lower()),
              Double.toString(width.upper()),
              Double.toString(width.loss()),
              Double.toString(width.curvature()),
              Boolean.toString(width.bracketed()),
              Double.toString(width.narrowCost()),
              Double.toString(width.lossAtFixedRate()),
              Integer.toString(width.trials()),
              Integer.toString(width.diverged()),
              Double.toString(series.drift()),
              Double.toString(series.driftStandardError()),
              series.verdict());
        }
      }
    }
    return text.toString();
  }
}
