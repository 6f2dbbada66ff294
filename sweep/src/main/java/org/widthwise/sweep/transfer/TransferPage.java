package org.widthwise.sweep.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.report.FigurePage;

/** A page about the transfer of learning rates in one sweep. */
public final class TransferPage {

  private TransferPage() {}

  /**
   * The page.
   *
   * @param name the name of the sweep
   * @param byline what was trained on what, in one line
   * @param transfers what was found
   * @param curves the curves by series
   * @param settings how it was judged
   * @return an HTML document, for UTF-8
   */
  public static String html(
      String name,
      String byline,
      List<SeriesTransfer> transfers,
      Map<String, List<RateCurve>> curves,
      TransferSettings settings) {
    List<String> lead = new ArrayList<>();
    transfers.forEach(
        transfer ->
            lead.add("%s: %s.".formatted(transfer.series(), transfer.recommendation().sentence())));
    Weighing weighing = Weighing.of(transfers);
    if (!weighing.plans().isEmpty()) {
      lead.add("Transfer against loss: %s.".formatted(weighing.sentence()));
    }
    List<FigurePage.Section> sections = new ArrayList<>();
    sections.add(
        new FigurePage.Section(
            "Best rate against width",
            List.of(
                String.format(
                    Locale.ROOT,
                    "A drift within ±%.2f octaves for each doubling of the width holds. It is"
                        + " fitted to the widths whose best rate lies between rates that were"
                        + " tried.",
                    settings.tolerance())),
            Figure.of("Best rate", 1, List.of(TransferFigure.optima(transfers)))
                .withBandLabel("interval"),
            "Bands are intervals of the best rates, thin lines the drift.",
            List.of(summary(transfers))));
    for (SeriesTransfer transfer : transfers) {
      sections.add(
          new FigurePage.Section(
              transfer.series(),
              List.of(words(transfer), explanation(transfer)),
              Figure.of(
                      transfer.series(),
                      1,
                      List.of(
                          TransferFigure.losses(
                              transfer,
                              curves.getOrDefault(transfer.series(), List.of()),
                              settings.metric())))
                  .withBandLabel(TransferFigure.BANDS),
              "Means over seeds of %s; bands from the smallest to the largest."
                  .formatted(settings.metric().replace('_', ' ')),
              transfer.explanation().layers().isEmpty()
                  ? List.of(widths(transfer))
                  : List.of(widths(transfer), layers(transfer))));
    }
    return new FigurePage("Transfer of learning rates: " + name, byline, lead, sections).html();
  }

  private static String words(SeriesTransfer transfer) {
    String wider =
        Double.isNaN(transfer.fixedRate())
            ? "No rate was tried at every width."
            : String.format(
                Locale.ROOT,
                "At the fixed rate %.3g wider is %s.",
                transfer.fixedRate(),
                transfer.widerIsBetter() ? "better throughout" : "not always better");
    return String.format(
        Locale.ROOT,
        "%s %d runs at wider networks, %.0f %% of all work, would be saved by not tuning there.",
        wider,
        transfer.runsSaved(),
        100 * transfer.workSaved());
  }

  private static String explanation(SeriesTransfer transfer) {
    DriftExplanation why = transfer.explanation();
    return "What explains the drift: %s; %s.".formatted(why.cause(), why.sentence());
  }

  private static FigurePage.Grid layers(SeriesTransfer transfer) {
    return new FigurePage.Grid(
        "Exponents of width of each layer, ± one standard error, at rates that were tried at every"
            + " width; the spectral condition asks for 0",
        List.of("Parameter", "First update", "Alignment of updates", "First values"),
        transfer.explanation().layers().stream()
            .map(
                layer ->
                    List.of(
                        layer.parameter(),
                        exponent(layer.update(), layer.updateError()),
                        exponent(layer.alignment(), layer.alignmentError()),
                        exponent(layer.weight(), layer.weightError())))
            .toList());
  }

  private static String exponent(double value, double error) {
    if (Double.isNaN(value)) {
      return "";
    }
    return Double.isNaN(error)
        ? String.format(Locale.ROOT, "%+.2f", value)
        : String.format(Locale.ROOT, "%+.2f ± %.2f", value, error);
  }

  private static FigurePage.Grid summary(List<SeriesTransfer> transfers) {
    return new FigurePage.Grid(
        "Drift of the best rate in octaves for each doubling of the width, ± one standard error",
        List.of("Series", "Drift", "Transfer", "Loss at the widest", "With the narrow optimum"),
        transfers.stream()
            .map(
                transfer -> {
                  WidthOptimum widest = transfer.widths().get(transfer.widths().size() - 1);
                  return List.of(
                      transfer.series(),
                      drift(transfer),
                      transfer.verdict(),
                      number(widest.loss()),
                      cost(widest.narrowCost()));
                })
            .toList());
  }

  private static FigurePage.Grid widths(SeriesTransfer transfer) {
    return new FigurePage.Grid(
        "Best rates, their 95 % intervals, and what the narrow optimum costs",
        List.of(
            "Width",
            "Best rate",
            "From",
            "To",
            "Loss",
            "Narrow optimum costs",
            "Trials",
            "Diverged"),
        transfer.widths().stream()
            .map(
                width ->
                    List.of(
                        Integer.toString(width.width()),
                        number(width.learningRate())
                            + (width.bracketed() ? "" : ", at the edge of what was tried"),
                        number(width.lower()),
                        number(width.upper()),
                        number(width.loss()),
                        cost(width.narrowCost()),
                        Integer.toString(width.trials()),
                        Integer.toString(width.diverged())))
            .toList());
  }

  /**
   * The drift with its error.
   *
   * @param transfer what was found
   * @return words
   */
  public static String drift(SeriesTransfer transfer) {
    if (Double.isNaN(transfer.drift())) {
      return "unknown";
    }
    return exponent(transfer.drift(), transfer.driftStandardError());
  }

  /**
   * A number in four digits.
   *
   * @param value the number
   * @return words
   */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "unknown";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "−∞" : "∞";
    }
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.4g", value);
  }

  /**
   * A cost as a share of the loss.
   *
   * @param cost the share
   * @return words
   */
  public static String cost(double cost) {
    if (Double.isNaN(cost)) {
      return "unknown";
    }
    return Double.isInfinite(cost)
        ? "diverges"
        : String.format(Locale.ROOT, "+%.1f %%", 100 * cost);
  }
}
