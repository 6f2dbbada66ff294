package org.widthwise.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.check.CheckResult;
import org.widthwise.lab.check.LayerCheck;
import org.widthwise.lab.check.Quantity;
import org.widthwise.lab.check.QuantityCheck;

/** A coordinate check in words and a table. */
final class CheckTable {

  private CheckTable() {}

  static void print(CheckResult result, PrintWriter stdout) {
    Table table = new Table("layer", "W", "dW", "dW all", "h", "dh", "dh all", "decay", "verdict");
    for (LayerCheck layer : result.layers()) {
      table.add(
          layer.name(),
          cell(layer, Quantity.WEIGHT),
          cell(layer, Quantity.UPDATE),
          cell(layer, Quantity.TOTAL_UPDATE),
          cell(layer, Quantity.FEATURE),
          cell(layer, Quantity.FEATURE_CHANGE),
          cell(layer, Quantity.TOTAL_FEATURE_CHANGE),
          cell(layer, Quantity.DECAY),
          Words.of(layer.verdict()));
    }
    table.print(stdout);
    stdout.printf(
        Locale.ROOT,
        "%nSlopes over widths %s with standard errors; 0 ± %.2f is right, in brackets what is not"
            + " judged.%n",
        result.widths(),
        result.tolerance());
    result.layers().stream()
        .filter(layer -> layer.verdict() == Verdict.FAILS)
        .findFirst()
        .flatMap(LayerCheck::steepest)
        .ifPresent(
            steepest ->
                stdout.printf(
                    "First to fail: %s, by its %s.%n",
                    result.layers().stream()
                        .filter(layer -> layer.quantities().contains(steepest))
                        .map(LayerCheck::name)
                        .findFirst()
                        .orElse(""),
                    steepest.quantity().id().replace('_', ' ')));
    stdout.printf("The network as a whole: %s.%n", Words.of(result.verdict()));
  }

  private static String cell(LayerCheck layer, Quantity quantity) {
    Optional<QuantityCheck> found = layer.get(quantity);
    if (found.isEmpty()) {
      return "";
    }
    QuantityCheck check = found.get();
    String words =
        check
            .fit()
            .map(CheckTable::slope)
            .orElse(check.verdict() == Verdict.FAILS ? "not finite" : "zero");
    return check.judged() ? words : "(" + words + ")";
  }

  private static String slope(PowerLawFit fit) {
    return fit.exponentStandardError().isPresent()
        ? String.format(
            Locale.ROOT, "%+.2f ± %.2f", fit.exponent(), fit.exponentStandardError().getAsDouble())
        : String.format(Locale.ROOT, "%+.2f", fit.exponent());
  }
}
