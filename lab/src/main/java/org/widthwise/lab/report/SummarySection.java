package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.widthwise.core.fit.Verdict;
import org.widthwise.lab.experiment.ItemReport;
import org.widthwise.lab.experiment.ItemState.Reported;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.Provenance;

/** What a reader who reads nothing else should know. */
final class SummarySection {

  /** A list of all runs that diverged would be of no use where many did. */
  private static final int MOST_NAMES = 12;

  private SummarySection() {}

  static Html of(List<Reported> items) {
    List<ItemReport> reports = items.stream().map(Reported::report).toList();
    List<Html> parts = new ArrayList<>();
    parts.add(Html.of("h2", "Summary").with("id", "summary-title"));
    parts.add(sentence(reports));
    if (!items.isEmpty()) {
      parts.add(
          Html.of(
              "p",
              "Every prediction is judged by one rule: it holds if the 95 % confidence interval of"
                  + " what was measured lies within what is accepted, fails if it lies outside, and"
                  + " is undecided if it reaches across the edge or is unknown."));
      parts.addAll(misses(items));
      parts.add(Html.of("h3", "Runs"));
      parts.add(runs(items));
      parts.add(Html.of("h3", "Data, versions and machine"));
      parts.add(circumstances(reports));
      parts.add(
          Html.styled(
              "p",
              "note",
              Html.text("The commands on this page find the data by "),
              Html.of("code", "--data DIR"),
              Html.text(" or the environment, and add to this page if "),
              Html.of("code", "--out DIR"),
              Html.text(" names the directory that it is in.")));
    }
    return Html.of("section", parts).with("id", "summary").with("aria-labelledby", "summary-title");
  }

  private static Html sentence(List<ItemReport> reports) {
    long holds = Verdicts.count(reports, Verdict.HOLDS);
    long fails = Verdicts.count(reports, Verdict.FAILS);
    long undecided = Verdicts.count(reports, Verdict.UNDECIDED);
    long all = holds + fails + undecided;
    if (all == 0) {
      return Html.styled(
          "p",
          "lead",
          reports.isEmpty() ? "No item has any runs yet." : "There is nothing to judge.");
    }
    return Html.styled(
        "p",
        "lead",
        Html.text(
            "Of %s in %s, ".formatted(counted(all, "prediction"), counted(reports.size(), "item"))),
        Verdicts.counted(holds, Verdict.HOLDS, holds == 1 ? "holds" : "hold"),
        Html.text(", "),
        Verdicts.counted(fails, Verdict.FAILS, fails == 1 ? "fails" : "fail"),
        Html.text(" and "),
        Verdicts.counted(
            undecided, Verdict.UNDECIDED, undecided == 1 ? "is undecided" : "are undecided"),
        Html.text("."));
  }

  private static List<Html> misses(List<Reported> items) {
    List<String> columns =
        List.of(
            "Curve", "Predicted", "Measured", "Accepted", "Off by", "Interval off by", "Verdict");
    List<Html.Element> bodies = new ArrayList<>();
    for (Reported item : items) {
      List<Html> rows = new ArrayList<>();
      rows.add(
          Tables.groupRow(
              columns.size(),
              Html.of("a", Formula.within(item.item().title()))
                  .to(Target.place(Target.identifier(item.item())))));
      PredictionTables.all(item).stream()
          .filter(judged -> !judged.verdict().equals(Verdict.HOLDS.id()))
          .map(SummarySection::miss)
          .forEach(rows::add);
      if (rows.size() > 1) {
        bodies.add(Html.of("tbody", rows));
      }
    }
    if (bodies.isEmpty()) {
      return List.of();
    }
    return List.of(
        Html.of("h3", "What did not hold"),
        Tables.of("Predictions that fail or are undecided", columns, bodies),
        Html.styled(
            "p",
            "note",
            "“Off by” is how far the measured number, “interval off by” how far its 95 % confidence"
                + " interval reaches out of what is accepted."));
  }

  private static Html.Element miss(Judged judged) {
    return Tables.row(
        Html.of("span", Html.text(judged.curve()), Html.styled("span", "where", judged.panel())),
        Html.text((judged.exponent() ? "slope " : "level ") + judged.predicted()),
        Html.text(judged.measured()),
        Html.text(judged.accepted()),
        Html.text(judged.distance(judged.distance())),
        Html.text(judged.distance(judged.reach())),
        Verdicts.shown(judged.verdict()));
  }

  /** Items share studies: each study's runs are counted once. */
  private static Html runs(List<Reported> items) {
    Map<String, List<Reported>> studies = new LinkedHashMap<>();
    for (Reported item : items) {
      studies.computeIfAbsent(item.report().study(), any -> new ArrayList<>()).add(item);
    }
    List<Html> rows = new ArrayList<>();
    studies.forEach(
        (study, sharers) -> {
          ItemReport report = sharers.get(0).report();
          rows.add(
              Tables.row(
                  Html.of("code", study),
                  labels(sharers),
                  Html.text("%d of %d".formatted(report.runs() - report.missing(), report.runs())),
                  Html.text(report.missing() == 0 ? "none" : Long.toString(report.missing())),
                  Html.styled("span", "list", diverged(report.divergedRuns())),
                  Html.text(report.provenance().started())));
        });
    return Tables.of(
        "Runs of each study",
        List.of("Study", "Items", "Finished", "Missing", "Diverged", "Begun (UTC)"),
        List.of(Html.of("tbody", rows)));
  }

  private static Html labels(List<Reported> items) {
    List<Html> labels = new ArrayList<>();
    for (Reported item : items) {
      if (!labels.isEmpty()) {
        labels.add(Html.text(", "));
      }
      String title = item.item().title();
      int colon = title.indexOf(':');
      labels.add(
          Html.of("a", Formula.within(colon < 0 ? title : title.substring(0, colon)))
              .to(Target.place(Target.identifier(item.item()))));
    }
    return Html.of("span", labels).with("class", "list");
  }

  private static String diverged(List<MemberKey> runs) {
    if (runs.isEmpty()) {
      return "none";
    }
    String names =
        String.join(", ", runs.stream().limit(MOST_NAMES).map(MemberKey::fileName).toList());
    int rest = runs.size() - MOST_NAMES;
    return "%d: %s%s".formatted(runs.size(), names, rest > 0 ? " and %d more".formatted(rest) : "");
  }

  private static Html circumstances(List<ItemReport> reports) {
    return DefinitionList.of(
        List.of(
            Map.entry("Data", distinct(reports, report -> report.provenance().data())),
            Map.entry("Widthwise", distinct(reports, report -> report.provenance().widthwise())),
            Map.entry("libtorch", distinct(reports, report -> report.provenance().libtorch())),
            Map.entry("Java", distinct(reports, report -> report.provenance().java())),
            Map.entry("System", distinct(reports, report -> report.provenance().system())),
            Map.entry("Processor", distinct(reports, report -> processor(report.provenance()))),
            Map.entry("Device", distinct(reports, report -> report.provenance().device()))));
  }

  static String processor(Provenance provenance) {
    return "%s, %s"
        .formatted(provenance.processor(), counted(provenance.processors(), "logical processor"));
  }

  private static String distinct(List<ItemReport> reports, Function<ItemReport, String> word) {
    return String.join("; ", new TreeSet<>(reports.stream().map(word).toList()));
  }

  static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
