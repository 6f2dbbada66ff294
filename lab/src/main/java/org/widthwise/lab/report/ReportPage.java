package org.widthwise.lab.report;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.widthwise.lab.experiment.ItemState;
import org.widthwise.lab.experiment.Overview;
import org.widthwise.lab.plot.Figures;
import org.widthwise.lab.plot.InlinePanel;
import org.widthwise.lab.run.AtomicFiles;

/**
 * {@code report.html}: every item of the paper that a directory holds runs of, in one page that
 * needs no network, no script and no other file. It depends on the runs alone: the same ones give
 * the same bytes.
 */
@AutoService(Overview.class)
public final class ReportPage implements Overview {

  /** The name of the file. */
  public static final String FILE = "report.html";

  private static final String TITLE = "A Spectral Condition for Feature Learning, reproduced";

  /** Found by the service loader. */
  public ReportPage() {}

  @Override
  public void write(Path out, List<ItemState> items) throws IOException {
    AtomicFiles.write(out.resolve(FILE), html(items).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The page.
   *
   * @param items every item, in the paper's order
   * @return an HTML document, for UTF-8
   */
  public static String html(List<ItemState> items) {
    Set<String> rules = new TreeSet<>();
    List<Html> sections = new ArrayList<>();
    List<ItemState.Reported> reported = new ArrayList<>();
    for (ItemState item : items) {
      if (item instanceof ItemState.Reported some) {
        List<InlinePanel> panels = Figures.toInlinePanels(some.report().picture());
        panels.forEach(panel -> rules.addAll(panel.rules()));
        sections.add(ItemSection.of(some, panels));
        reported.add(some);
      } else if (item instanceof ItemState.Unreadable damaged) {
        sections.add(ItemSection.of(damaged));
      }
    }
    List<Html> main = new ArrayList<>();
    main.add(SummarySection.of(reported));
    main.add(ContentsList.of(items));
    main.addAll(sections);
    return HtmlWriter.document(
        Html.of(
                "html",
                PageHead.of(TITLE, StyleSheet.with(rules)),
                Html.of(
                    "body",
                    Html.styled("a", "skip", "Skip to the summary").to(Target.place("main")),
                    header(),
                    Html.of("main", main).with("id", "main").with("tabindex", "-1")))
            .with("lang", "en"));
  }

  private static Html header() {
    return Html.of(
        "header",
        Html.of("h1", TITLE),
        Html.styled(
            "p",
            "byline",
            "What Greg Yang, James B. Simon and Jeremy Bernstein claim (arXiv:2310.17813), measured"
                + " again by Widthwise: predictions beside measurements, item by item."));
  }
}
