package org.widthwise.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.widthwise.sweep.transfer.SeriesTransfer;
import org.widthwise.sweep.transfer.TransferPage;
import org.widthwise.sweep.transfer.WidthOptimum;
import org.widthwise.sweep.tune.SearchRung;
import org.widthwise.sweep.tune.TuneCheck;
import org.widthwise.sweep.tune.TuneCost;
import org.widthwise.sweep.tune.TuneResult;

/** A tuning in words and tables. */
final class TuneTable {

  private TuneTable() {}

  static void print(TuneResult result, PrintWriter out) {
    result.search().forEach(rung -> search(rung, out));
    Table table = new Table("plan", "width", "best rate", "from", "to", "loss", "narrow optimum");
    for (SeriesTransfer series : result.series()) {
      for (WidthOptimum width : series.widths()) {
        table.add(
            series.series(),
            Integer.toString(width.width()),
            TransferPage.number(width.learningRate()) + (width.bracketed() ? "" : " (edge)"),
            TransferPage.number(width.lower()),
            TransferPage.number(width.upper()),
            TransferPage.number(width.loss()),
            TransferPage.cost(width.narrowCost()));
      }
    }
    table.print(out);
    for (SeriesTransfer series : result.series()) {
      out.printf(
          "drift %s octaves for each doubling of the width: %s%n",
          TransferPage.drift(series), series.series());
    }
    check(result.check(), out);
    cost(result.cost(), out);
    verdict(result, out);
  }

  private static void search(SearchRung rung, PrintWriter out) {
    SearchRung.Entry best = rung.best().get(0);
    out.printf(
        "%d candidates, %d steps, widths %s: predicted loss %s with rate %s%s%n",
        rung.candidates(),
        rung.steps(),
        rung.widths(),
        TransferPage.number(best.predictedLoss()),
        TransferPage.number(best.learningRate()),
        prefactors(best.inits(), best.rates()));
  }

  private static String prefactors(Map<String, Double> inits, Map<String, Double> rates) {
    StringJoiner words = new StringJoiner(", ", ", ", "").setEmptyValue("");
    inits.forEach(
        (group, factor) -> words.add("%s init × %s".formatted(group, TransferPage.number(factor))));
    rates.forEach(
        (group, factor) -> words.add("%s rate × %s".formatted(group, TransferPage.number(factor))));
    return words.toString();
  }

  private static void check(TuneCheck check, PrintWriter out) {
    out.printf(
        "check at width %d: predicted rate %s, best %s; predicted loss %s, best %s; with the"
            + " predicted rate %s: %s%n",
        check.width(),
        TransferPage.number(check.predictedRate()),
        TransferPage.number(check.bestRate()) + (check.bracketed() ? "" : " (edge)"),
        TransferPage.number(check.predictedLoss()),
        TransferPage.number(check.loss()),
        TransferPage.cost(check.cost()),
        check.holds() ? "holds" : "does not hold");
  }

  private static void cost(TuneCost cost, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "cost: %d trainings, %.3g floating-point operations, %.1f %% of the %.3g of a sweep of %d"
            + " trainings at the target%n",
        cost.trials(),
        cost.flops(),
        100 * cost.share(),
        cost.targetSweep(),
        cost.targetTrials());
  }

  private static void verdict(TuneResult result, PrintWriter out) {
    boolean told = !result.verdict().equals("cannot-tell");
    if (!told) {
      out.println("cannot tell:");
      result.reasons().forEach(reason -> out.println("  " + reason));
    }
    if (!Double.isNaN(result.learningRate())) {
      out.printf(
          "%s %s (%s … %s)%s at width %d%s; predicted loss %s (%s … %s)%n",
          told ? "use learning rate" : "the likeliest learning rate is",
          TransferPage.number(result.learningRate()),
          TransferPage.number(result.lower()),
          TransferPage.number(result.upper()),
          prefactors(result.inits(), result.rates()),
          result.target(),
          switch (result.verdict()) {
            case "narrow" -> ", the narrow optimum: no drift is seen";
            case "extrapolated" -> ", which follows the drift";
            default -> "";
          },
          TransferPage.number(result.predictedLoss().loss()),
          TransferPage.number(result.predictedLoss().lower()),
          TransferPage.number(result.predictedLoss().upper()));
    }
    if (!result.advice().isEmpty()) {
      out.println("what to look at:");
      result.advice().forEach(advice -> out.println("  " + advice));
    }
  }
}
