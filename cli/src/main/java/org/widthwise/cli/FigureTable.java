package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.widthwise.lab.figure.FigureReport;
import org.widthwise.lab.figure.SlopeFit;

/** A figure's verdicts for people. */
final class FigureTable {

  private FigureTable() {}

  static void print(FigureReport report, PrintWriter out) {
    out.printf("%s, from %s%n", report.title(), report.dataDescription());
    if (report.missing() > 0) {
      out.printf("unfinished, missing runs: %d%n", report.missing());
    }
    Table table =
        new Table("panel", "quantity", "series", "slope", "± s.e.", "predicted", "verdict");
    for (SlopeFit fit : report.fits()) {
      table.add(
          fit.panel(),
          fit.quantity(),
          fit.series(),
          number(fit.slope()),
          number(fit.slopeStderr()),
          number(fit.expectedSlope()),
          fit.verdict());
    }
    table.print(out);
    if (!Double.isNaN(report.greatestFinalLoss())) {
      out.printf(Locale.ROOT, "final training loss: %.2g at most%n", report.greatestFinalLoss());
    }
    out.printf("diverged runs: %d%n", report.diverged());
    for (Path file : report.files()) {
      out.println(file);
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
  }
}
