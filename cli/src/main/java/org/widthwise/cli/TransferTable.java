package org.widthwise.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.widthwise.sweep.transfer.SeriesTransfer;
import org.widthwise.sweep.transfer.TransferPage;
import org.widthwise.sweep.transfer.Weighing;
import org.widthwise.sweep.transfer.WidthOptimum;

/** Whether learning rates transfer, in words and tables. */
final class TransferTable {

  private TransferTable() {}

  static void print(List<SeriesTransfer> found, Weighing weighing, PrintWriter stdout) {
    found.forEach(series -> print(series, stdout));
    print(weighing, stdout);
  }

  private static void print(SeriesTransfer series, PrintWriter stdout) {
    stdout.println(series.series());
    Table table =
        new Table("width", "best rate", "from", "to", "loss", "narrow optimum", "diverged");
    for (WidthOptimum width : series.widths()) {
      table.add(
          Integer.toString(width.width()),
          TransferPage.number(width.learningRate()) + (width.bracketed() ? "" : " (edge)"),
          TransferPage.number(width.lower()),
          TransferPage.number(width.upper()),
          TransferPage.number(width.loss()),
          TransferPage.cost(width.narrowCost()),
          "%d of %d".formatted(width.diverged(), width.trials()));
    }
    table.print(stdout);
    stdout.printf(
        Locale.ROOT,
        "drift %s octaves for each doubling of the width: transfer %s%n",
        TransferPage.drift(series),
        series.verdict().equals("undecided") ? "is undecided" : series.verdict());
    if (!series.verdict().equals("holds")) {
      stdout.printf(
          "what explains it: %s; %s%n",
          series.explanation().cause(), series.explanation().sentence());
    }
    if (!Double.isNaN(series.fixedRate()) && series.widths().size() > 1) {
      stdout.printf(
          Locale.ROOT,
          "wider is %s at the fixed rate %.3g%n",
          series.widerIsBetter() ? "better" : "not always better",
          series.fixedRate());
    }
    stdout.println(series.recommendation().sentence());
    stdout.printf(
        Locale.ROOT,
        "that saves %d runs, %.0f %% of the sweep's work%n%n",
        series.runsSaved(),
        100 * series.workSaved());
  }

  private static void print(Weighing weighing, PrintWriter stdout) {
    if (weighing.plans().isEmpty()) {
      return;
    }
    stdout.printf("transfer against loss, at width %d%n", weighing.width());
    Table table = new Table("plan", "drift", "loss", "with the narrow optimum");
    for (Weighing.Plan plan : weighing.plans()) {
      table.add(
          plan.series(),
          Double.isNaN(plan.drift()) ? "" : String.format(Locale.ROOT, "%+.2f", plan.drift()),
          TransferPage.number(plan.loss()),
          TransferPage.number(plan.carriedLoss()));
    }
    table.print(stdout);
    stdout.println(weighing.sentence());
  }
}
