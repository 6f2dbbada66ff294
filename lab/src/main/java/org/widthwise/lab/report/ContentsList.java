package org.widthwise.lab.report;

import java.util.List;
import org.widthwise.lab.experiment.ItemState;
import org.widthwise.lab.experiment.PaperItem;

/** The table of contents: a line for each item, with its verdicts or how to get some. */
final class ContentsList {

  static final String IDENTIFIER = "contents";

  private ContentsList() {}

  static Html of(List<ItemState> items) {
    Html.Element nav =
        Html.of(
            "nav",
            Html.of("h2", "Contents").with("id", IDENTIFIER + "-title"),
            Html.of("ol", items.stream().map(ContentsList::line).toList()));
    return nav.with("id", IDENTIFIER).with("aria-labelledby", IDENTIFIER + "-title");
  }

  private static Html line(ItemState state) {
    PaperItem item = state.item();
    if (state instanceof ItemState.Reported reported) {
      return Html.of(
          "li",
          Html.of("a", Formula.within(item.title())).to(Target.place(Target.identifier(item))),
          Html.text(" "),
          Html.styled("span", "outcome", Verdicts.counts(List.of(reported.report()))));
    }
    if (state instanceof ItemState.Unreadable) {
      return Html.of(
          "li",
          Html.of("a", Formula.within(item.title())).to(Target.place(Target.identifier(item))),
          Html.text(" "),
          Html.styled("span", "outcome verdict fails", "cannot be read"));
    }
    return Html.styled(
        "li",
        "absent",
        Html.of("span", Formula.within(item.title())),
        Html.text(" "),
        Html.styled(
            "span",
            "outcome",
            Html.text("no runs yet: "),
            Html.of("code", RepeatCommand.first(item))));
  }
}
