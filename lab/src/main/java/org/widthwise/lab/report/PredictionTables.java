package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.widthwise.lab.experiment.ItemState.Reported;

/** What was measured beside what was predicted, panel by panel. */
final class PredictionTables {

  private PredictionTables() {}

  /** Every prediction of an item. */
  static List<Judged> all(Reported item) {
    return Stream.concat(slopes(item).stream(), levels(item).stream()).toList();
  }

  /** The predicted exponents. */
  static List<Judged> slopes(Reported item) {
    return item.report().fits().stream().map(fit -> Judged.of(item.item(), fit)).toList();
  }

  /** The predicted levels. */
  static List<Judged> levels(Reported item) {
    return item.report().levels().stream().map(level -> Judged.of(item.item(), level)).toList();
  }

  /**
   * A table of either kind.
   *
   * @param caption what it shows
   * @param where the heading of the column with the abscissae
   * @param predictions what is in it
   */
  static Html of(String caption, String where, List<Judged> predictions) {
    List<String> columns =
        List.of(
            "Curve",
            "Predicted",
            "Measured",
            "95 % interval",
            "Accepted",
            where,
            "Trials",
            "Verdict");
    Map<String, List<Html>> panels = new LinkedHashMap<>();
    for (Judged judged : predictions) {
      panels
          .computeIfAbsent(
              judged.panel() + judged.quantity(),
              any -> {
                List<Html> rows = new ArrayList<>();
                rows.add(
                    Tables.groupRow(
                        columns.size(),
                        Html.of("b", judged.panel()),
                        Html.text(" "),
                        Formula.of(judged.quantity())));
                return rows;
              })
          .add(row(judged));
    }
    return Tables.of(
        caption, columns, panels.values().stream().map(rows -> Html.of("tbody", rows)).toList());
  }

  private static Html row(Judged judged) {
    return Tables.row(
        Html.text(judged.curve()),
        Html.text(judged.predicted()),
        Html.text(judged.measured()),
        Html.text(judged.interval()),
        Html.text(judged.accepted()),
        Html.text(judged.where()),
        Html.text(Integer.toString(judged.trials())),
        Verdicts.shown(judged.verdict()));
  }
}
