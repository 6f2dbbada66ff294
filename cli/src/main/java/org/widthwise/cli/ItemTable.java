package org.widthwise.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.widthwise.lab.experiment.Exponents;
import org.widthwise.lab.experiment.ItemReport;
import org.widthwise.lab.experiment.LevelCheck;
import org.widthwise.lab.experiment.SlopeFit;

/** An item's verdicts for people. */
final class ItemTable {

  private ItemTable() {}

  static void print(ItemReport report, PrintWriter out) {
    out.printf("%s, from %s%n", report.title(), report.dataDescription());
    if (report.missing() > 0) {
      out.printf("unfinished, missing runs: %d%n", report.missing());
    }
    if (!report.fits().isEmpty()) {
      slopes(report).print(out);
    }
    if (!report.levels().isEmpty()) {
      levels(report).print(out);
    }
    if (!Double.isNaN(report.greatestFinalLoss())) {
      out.printf(Locale.ROOT, "final training loss: %.2g at most%n", report.greatestFinalLoss());
    }
    out.printf("diverged runs: %d%n", report.diverged());
    for (Path file : report.files()) {
      out.println(file);
    }
  }

  private static Table slopes(ItemReport report) {
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
    return table;
  }

  private static Table levels(ItemReport report) {
    Table table =
        new Table("panel", "quantity", "series", "at", "mean", "± s.e.", "predicted", "verdict");
    for (LevelCheck level : report.levels()) {
      table.add(
          level.panel(),
          level.quantity(),
          level.series(),
          Double.isNaN(level.atX()) ? "" : Long.toString((long) level.atX()),
          Double.isNaN(level.mean()) ? "" : String.format(Locale.ROOT, "%.4g", level.mean()),
          Double.isNaN(level.stderr()) ? "" : String.format(Locale.ROOT, "%.2g", level.stderr()),
          Exponents.bounds(level.expectedLow(), level.expectedHigh()),
          level.verdict());
    }
    return table;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
  }
}
