package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tables that scroll by themselves where the page is too narrow for them. */
final class Tables {

  private Tables() {}

  /** A table with a caption that says what it shows, and which a reader of the screen hears. */
  static Html.Element of(String caption, List<String> columns, List<Html.Element> bodies) {
    List<Html> parts = new ArrayList<>();
    parts.add(Html.of("caption", caption));
    parts.add(
        Html.of(
            "thead",
            Html.of(
                "tr",
                columns.stream()
                    .map(column -> Html.of("th", column).with("scope", "col"))
                    .toList())));
    parts.addAll(bodies);
    return Html.styled("div", "scroll", Html.of("table", parts))
        .with("role", "region")
        .with("aria-label", caption)
        .with("tabindex", "0");
  }

  /** A row whose first cell says what it is about. */
  static Html.Element row(Html head, Html... cells) {
    List<Html> all = new ArrayList<>();
    all.add(Html.of("th", head).with("scope", "row"));
    Arrays.stream(cells).map(cell -> Html.of("td", cell)).forEach(all::add);
    return Html.of("tr", all);
  }

  /** A row over all columns that says what the rows under it are about. */
  static Html.Element groupRow(int columns, Html... content) {
    return Html.of(
        "tr",
        Html.of("th", content)
            .with("scope", "rowgroup")
            .with("colspan", Integer.toString(columns)));
  }
}
