package org.widthwise.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.widthwise.lab.plot.Axis;
import org.widthwise.lab.plot.DataPoint;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.Panel;
import org.widthwise.lab.plot.Series;

final class FigurePageTest {

  private static FigurePage page(String text) {
    Panel panel =
        Panel.of(
            "",
            "curve",
            Axis.linear("x"),
            Axis.linear("y"),
            List.of(Series.of("s", 0, List.of(DataPoint.of(1, 2), DataPoint.of(2, 3)))));
    FigurePage.Section drawn =
        new FigurePage.Section(
            text,
            List.of(text),
            Figure.of("f", 1, List.of(panel)),
            text,
            List.of(new FigurePage.Grid(text, List.of("a", text), List.of(List.of(text, "2")))));
    return new FigurePage(
        text,
        text,
        List.of(text),
        List.of(drawn, new FigurePage.Section("bare", List.of(), null, "", List.of())));
  }

  @Test
  void whateverIsPutInComesOutAsText() {
    String html = page("<script>alert('&')</script>").html();
    assertThat(html)
        .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
        .contains("<svg", "default-src &#39;none&#39;", "&lt;script&gt;alert(&#39;&amp;&#39;)")
        .doesNotContain("<script")
        .endsWith("</html>\n");
    // Title, heading, byline, lead, section, paragraph, caption, table's caption and label, a
    // column's heading, a cell.
    assertThat(html.split("&lt;script&gt;", -1)).hasSize(12);
    assertThat(page("plain").html()).isEqualTo(page("plain").html());
  }

  @Test
  void aRowHasAsManyCellsAsThereAreColumns() {
    assertThatThrownBy(() -> new FigurePage.Grid("t", List.of("a", "b"), List.of(List.of("1"))))
        .hasMessage("a row of 2 columns needs as many cells, not [1]");
  }
}
