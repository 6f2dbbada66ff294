package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.plot.Figure;
import org.widthwise.lab.plot.Figures;
import org.widthwise.lab.plot.InlinePanel;

/**
 * A page of figures and tables that needs no network, no script and no other file. Whatever text is
 * put in comes out as such.
 *
 * @param title of the page
 * @param byline what it is about, under the title
 * @param lead what a reader who reads nothing else should know, a paragraph each
 * @param sections in their order
 */
public record FigurePage(
    String title, String byline, List<String> lead, List<FigurePage.Section> sections) {

  /**
   * A section.
   *
   * @param title its heading
   * @param paragraphs under the heading
   * @param figure the panels to draw; null for none
   * @param caption what the figure shows
   * @param tables after the figure
   */
  public record Section(
      String title,
      List<String> paragraphs,
      @Nullable Figure figure,
      String caption,
      List<Grid> tables) {

    /**
     * Copies the lists.
     *
     * @param title its heading
     * @param paragraphs under the heading
     * @param figure the panels to draw; null for none
     * @param caption what the figure shows
     * @param tables after the figure
     */
    public Section {
      paragraphs = List.copyOf(paragraphs);
      tables = List.copyOf(tables);
    }
  }

  /**
   * A table. The first cell of a row says what the row is about.
   *
   * @param caption what it shows
   * @param columns their headings
   * @param rows as many cells each as there are columns
   */
  public record Grid(String caption, List<String> columns, List<List<String>> rows) {

    /**
     * Copies the lists.
     *
     * @param caption what it shows
     * @param columns their headings
     * @param rows as many cells each as there are columns
     * @throws IllegalArgumentException if a row has more or fewer
     */
    public Grid {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException(
              "a row of %d columns needs as many cells, not %s".formatted(columns.size(), row));
        }
      }
    }
  }

  /**
   * Copies the lists.
   *
   * @param title of the page
   * @param byline what it is about
   * @param lead what a reader who reads nothing else should know
   * @param sections in their order
   */
  public FigurePage {
    lead = List.copyOf(lead);
    sections = List.copyOf(sections);
  }

  /**
   * The page.
   *
   * @return an HTML document, for UTF-8
   */
  public String html() {
    Set<String> rules = new TreeSet<>();
    List<Html> main = new ArrayList<>();
    List<Html> summary = new ArrayList<>();
    lead.forEach(words -> summary.add(Html.styled("p", "lead", words)));
    main.add(Html.of("section", summary).with("id", "summary"));
    for (Section section : sections) {
      main.add(section(section, rules));
    }
    return HtmlWriter.document(
        Html.of(
                "html",
                PageHead.of(title, StyleSheet.with(rules)),
                Html.of(
                    "body",
                    Html.of("header", Html.of("h1", title), Html.styled("p", "byline", byline)),
                    Html.of("main", main).with("id", "main")))
            .with("lang", "en"));
  }

  private static Html section(Section section, Set<String> rules) {
    List<Html> parts = new ArrayList<>();
    parts.add(Html.of("h2", section.title()));
    section.paragraphs().forEach(words -> parts.add(Html.of("p", words)));
    Figure figure = section.figure();
    if (figure != null) {
      List<Html> drawings = new ArrayList<>();
      for (InlinePanel panel : Figures.toInlinePanels(figure)) {
        rules.addAll(panel.rules());
        drawings.add(Html.styled("div", "panel", new Html.Picture(panel)));
      }
      parts.add(
          Html.styled(
              "figure",
              "picture",
              Html.of("div", drawings)
                  .with("class", drawings.size() == 1 ? "panels single" : "panels"),
              Html.of("figcaption", section.caption())));
    }
    for (Grid table : section.tables()) {
      List<Html> rows = new ArrayList<>();
      for (List<String> row : table.rows()) {
        rows.add(
            Tables.row(
                Html.text(row.get(0)), row.stream().skip(1).map(Html::text).toArray(Html[]::new)));
      }
      parts.add(Tables.of(table.caption(), table.columns(), List.of(Html.of("tbody", rows))));
    }
    return Html.of("section", parts).with("class", "item");
  }
}
