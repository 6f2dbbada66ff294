package org.widthwise.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.widthwise.lab.experiment.Exponents;
import org.widthwise.lab.experiment.ItemReport;
import org.widthwise.lab.experiment.ItemState;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.plot.InlinePanel;
import org.widthwise.lab.run.Provenance;

/** Everything about one item. */
final class ItemSection {

  private ItemSection() {}

  /** An item with runs, and the drawings of its panels. */
  static Html of(ItemState.Reported item, List<InlinePanel> panels) {
    ItemReport report = item.report();
    List<Html> parts = new ArrayList<>();
    parts.add(Html.of("p", Formula.within(report.claim())).with("class", "claim"));
    parts.add(outcome(report));
    if (!report.equations().isEmpty()) {
      parts.add(equations(report.equations()));
    }
    parts.add(picture(report, panels));
    List<Judged> slopes = PredictionTables.slopes(item);
    if (!slopes.isEmpty()) {
      parts.add(Html.of("h3", "Slopes"));
      parts.add(
          PredictionTables.of(
              "Exponents ± one standard error, by least squares of the logarithms",
              "Fitted over",
              slopes));
    }
    List<Judged> levels = PredictionTables.levels(item);
    if (!levels.isEmpty()) {
      parts.add(Html.of("h3", "Levels"));
      parts.add(
          PredictionTables.of(
              "Means over trials ± one standard error, each where it comes off worst",
              "Worst at",
              levels));
    }
    parts.add(Html.of("h3", "Settings, data and provenance"));
    parts.add(settings(report));
    parts.add(Html.of("h3", "To run it again"));
    parts.add(again(item));
    parts.add(files(report.files()));
    return section(item.item(), parts);
  }

  /** An item whose files are damaged. */
  static Html of(ItemState.Unreadable item) {
    return section(
        item.item(),
        List.of(
            Html.of("p", Formula.within(item.item().claim())).with("class", "claim"),
            Html.of(
                "p",
                Html.styled("span", "verdict fails", "Its runs cannot be read: "),
                Html.text(item.problem()))));
  }

  private static Html section(PaperItem item, List<Html> parts) {
    String identifier = Target.identifier(item);
    List<Html> all = new ArrayList<>();
    all.add(Html.of("h2", Formula.within(item.title())).with("id", identifier + "-title"));
    all.addAll(parts);
    return Html.of("section", all)
        .with("id", identifier)
        .with("class", "item")
        .with("aria-labelledby", identifier + "-title");
  }

  private static Html outcome(ItemReport report) {
    List<Html> words = new ArrayList<>();
    words.add(Html.text("Predictions: "));
    words.add(Verdicts.counts(List.of(report)));
    words.add(Html.text("."));
    if (report.missing() > 0) {
      words.add(
          Html.text(
              " Unfinished: %d of %d runs are missing."
                  .formatted(report.missing(), report.runs())));
    }
    if (report.diverged() > 0) {
      words.add(Html.text(" Diverged: %d of %d runs.".formatted(report.diverged(), report.runs())));
    }
    return Html.of("p", words);
  }

  private static Html equations(List<String> equations) {
    List<Html> lines = new ArrayList<>();
    for (String equation : equations) {
      int end = equation.startsWith("(") ? equation.indexOf(") ") : -1;
      lines.add(
          end < 0
              ? Html.of("li", Formula.of(equation))
              : Html.of(
                  "li",
                  Html.styled("span", "label", equation.substring(0, end + 1)),
                  Html.text(" "),
                  Formula.of(equation.substring(end + 2))));
    }
    return Html.of("ul", lines).with("class", "equations").with("aria-label", "Equations");
  }

  private static Html picture(ItemReport report, List<InlinePanel> panels) {
    List<Html> drawings = new ArrayList<>();
    panels.forEach(panel -> drawings.add(Html.styled("div", "panel", new Html.Picture(panel))));
    return Html.styled(
        "figure",
        "picture",
        Html.of("div", drawings).with("class", panels.size() == 1 ? "panels single" : "panels"),
        Html.of(
            "figcaption",
            "Means over trials, from %s.%s"
                .formatted(
                    report.dataDescription(),
                    report.fits().isEmpty()
                        ? ""
                        : " Thin lines are fitted power laws, triangles and dashes without markers"
                            + " the predicted slopes.")));
  }

  private static Html settings(ItemReport report) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    flatten("", report.configuration(), entries);
    if (!Double.isNaN(report.greatestFinalLoss())) {
      entries.add(
          Map.entry(
              "greatest final training loss",
              Exponents.level(report.greatestFinalLoss(), Double.NaN)));
    }
    Provenance provenance = report.provenance();
    entries.add(Map.entry("data described", provenance.data()));
    entries.add(Map.entry("begun (UTC)", provenance.started()));
    entries.add(
        Map.entry(
            "versions",
            "Widthwise %s; libtorch %s; %s"
                .formatted(provenance.widthwise(), provenance.libtorch(), provenance.java())));
    entries.add(
        Map.entry(
            "machine",
            "%s; %s; trained on %s"
                .formatted(
                    provenance.system(),
                    SummarySection.processor(provenance),
                    provenance.device())));
    return Html.of(
        "details", Html.of("summary", brief(report.configuration())), DefinitionList.of(entries));
  }

  /** The numbers that matter most, of those that there are. */
  private static String brief(JsonNode configuration) {
    StringJoiner words = new StringJoiner("; ");
    for (String key : List.of("widths", "batches", "trials", "steps", "seed")) {
      if (configuration.has(key)) {
        words.add(key + " " + text(configuration.path(key)));
      }
    }
    return words.toString();
  }

  private static void flatten(
      String prefix, JsonNode node, List<Map.Entry<String, String>> entries) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = prefix + field.getKey().replace('_', ' ');
      if (field.getValue().isObject()) {
        flatten(name + " ", field.getValue(), entries);
      } else {
        entries.add(Map.entry(name, text(field.getValue())));
      }
    }
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    StringJoiner words = new StringJoiner(", ");
    value.forEach(
        element -> words.add(element.isContainerNode() ? element.toString() : element.asText()));
    return words.toString();
  }

  private static Html again(ItemState.Reported item) {
    return Html.of(
        "pre", Html.of("code", RepeatCommand.of(item.item(), item.report().configuration())));
  }

  private static Html files(List<Path> files) {
    List<Html> links = new ArrayList<>();
    links.add(Html.text("Files beside this page: "));
    for (Path file : files) {
      links.add(Html.of("a", String.valueOf(file.getFileName())).to(Target.file(file)));
      links.add(Html.text(", "));
    }
    links.set(links.size() - 1, Html.text(". "));
    links.add(
        Html.styled("a", "back", "Back to the contents").to(Target.place(ContentsList.IDENTIFIER)));
    return Html.of("p", links).with("class", "files");
  }
}
