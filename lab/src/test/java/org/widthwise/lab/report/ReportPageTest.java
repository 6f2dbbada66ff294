package org.widthwise.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.experiment.Drawing;
import org.widthwise.lab.experiment.ItemState;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Reproduction;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.paper.Figure2;
import org.widthwise.lab.paper.Figure5;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.RunListener;

final class ReportPageTest {

  private static final Path OUT = Path.of("out");
  private static final SampleItem PLAIN = new SampleItem("plain", "");
  private static final RunListener SILENT =
      new RunListener() {
        @Override
        public void progressed(Progress progress) {}

        @Override
        public void finished(MemberResult result, Progress progress) {}
      };

  private static ItemState.Reported some(SampleItem item) {
    return item.reported(
        List.of(
            SampleItem.fit("A", 0.02, 0.04, 0, "holds"),
            SampleItem.fit("A", -0.48, 0.04, -0.5, "holds"),
            SampleItem.fit("A", 0.5, 0.1, 0, "fails"),
            SampleItem.fit("A", -0.45, 0.3, -0.5, "undecided"),
            SampleItem.unfitted(-0.5)),
        List.of(
            SampleItem.level(0.95, 0.02, 0.9, 1, "holds"),
            SampleItem.level(12, 1, Double.NEGATIVE_INFINITY, 10, "fails")),
        2,
        3,
        OUT);
  }

  /** The page is XML too, by a parser that forgives nothing. */
  private static Document parsed(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> all(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static Element byId(Document page, String id) {
    return all(page, "*").stream()
        .filter(element -> element.getAttribute("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> rows(Element within) {
    NodeList nodes = within.getElementsByTagName("tr");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      NodeList cells = nodes.item(i).getChildNodes();
      List<String> words = new ArrayList<>();
      for (int j = 0; j < cells.getLength(); j++) {
        words.add(cells.item(j).getTextContent().trim());
      }
      rows.add(String.join(" | ", words));
    }
    return rows;
  }

  @Test
  void theSummaryCountsWhatTheItemsSayAndNamesWhatDidNotHold() throws Exception {
    Document page =
        parsed(
            ReportPage.html(
                List.of(
                    some(PLAIN), some(new SampleItem("other", "")), new ItemState.NotRun(PLAIN))));
    Element summary = byId(page, "summary");
    assertThat(summary.getTextContent())
        .contains("Of 14 predictions in 2 items, 6 hold, 4 fail and 4 are undecided.");
    List<String> rows = rows(summary);
    // 0.5 ± 0.1 lies 0.3 and reaches 0.4 beyond 0.2; 12 ± 1 lies 2 and reaches 3 beyond 10.
    assertThat(rows)
        .containsOnlyOnce(
            "Curve | Predicted | Measured | Accepted | Off by | Interval off by | Verdict")
        .contains(
            "curveA: panel | slope 0 | 0.50 ± 0.05 | −0.2 to 0.2 | 0.30 | 0.40 | ✗ fails",
            "curveA: panel | slope −1/2 | −0.45 ± 0.15 | −0.7 to −0.3 | 0.00 | 0.15 | ? undecided",
            "curveA: panel | slope −1/2 | unknown | −0.7 to −0.3 | unknown | unknown | ? undecided",
            "curveA: panel | level at most 10 | 12.0 ± 0.50 | at most 10 | 2.00 | 3.00 | ✗ fails");
    assertThat(rows).noneMatch(row -> row.contains("holds"));
    // One study that two items share.
    assertThat(rows)
        .containsOnlyOnce(
            "study | Figure X, Figure X | 21 of 24 | 3 | 2: ntp-64-0, ntp-64-1 |"
                + " 2026-01-01T00:00:00Z");
    assertThat(summary.getTextContent())
        .contains("files", "0.1.0", "2.10.0", "Linux", "EPYC, 2 logical processors");
    assertThat(byId(page, "contents").getTextContent())
        .contains("3 hold, 2 fail, 2 undecided", "no runs yet: widthwise reproduce plain");
  }

  @Test
  void anItemHasItsTablesEquationsSettingsAndFiles() throws Exception {
    Document page = parsed(ReportPage.html(List.of(some(PLAIN))));
    Element section = byId(page, "item-plain");
    assertThat(rows(section))
        .contains(
            "curve | 0 | 0.02 ± 0.02 | −0.02 to 0.06 | −0.2 to 0.2 | n = 16 to 64 | 3 | ✓ holds",
            "curve | −1/2 | unknown | unknown | −0.7 to −0.3 | n = 16 to 64 | 3 | ? undecided",
            "curve | 0.9 to 1 | 0.950 ± 0.010 | 0.930 to 0.970 | 0.9 to 1 | n = 32 | 3 | ✓ holds");
    assertThat(section.getTextContent())
        .contains("(21) σ = 1/√nℓ−1", "Unfinished: 3 of 24 runs are missing.", "Diverged: 2 of 24")
        .contains("widths 16, 32; trials 4; steps 100; seed 0", "widthwise reproduce plain");
    assertThat(all(page, "sub")).extracting(Element::getTextContent).contains("ℓ−1", "F");
    assertThat(all(page, "a"))
        .extracting(link -> link.getAttribute("href"))
        .contains("./plain.csv", "./a%3Ab%20c%23d%3F%25.json");
  }

  @Test
  void nothingFromOutsideIsMoreThanText() throws Exception {
    SampleItem hostile = new SampleItem("x\"><script>", SampleItem.HOSTILE);
    String html =
        ReportPage.html(
            List.of(
                some(hostile),
                new ItemState.Unreadable(new SampleItem("y' onclick='", "&"), SampleItem.HOSTILE),
                new ItemState.NotRun(new SampleItem("z;rm -rf $HOME", SampleItem.HOSTILE))));
    Document page = parsed(html);
    Set<String> tags = new HashSet<>();
    for (Element element : all(page, "*")) {
      tags.add(element.getTagName());
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        assertThat(attributes.item(i).getNodeName())
            .doesNotStartWith("on")
            .isNotIn("src", "style", "srcset", "action", "xmlns", "xlink:href");
      }
    }
    assertThat(tags).doesNotContain("script", "img", "link", "iframe", "object", "form", "base");
    assertThat(all(page, "a"))
        .extracting(link -> link.getAttribute("href"))
        .allSatisfy(href -> assertThat(href).matches("#[a-z0-9_-]+|\\./[A-Za-z0-9._%*-]+"));
    // It is all there to be read, but for what cannot be: a control, a turn of direction, half a
    // pair.
    String shown = SampleItem.HOSTILE.replaceAll("[\u0000\u202E]", "\uFFFD");
    shown = shown.substring(0, shown.length() - 1) + "\uFFFD";
    assertThat(html).doesNotContain("\u0000", "\u202E");
    String section = byId(page, Target.identifier(hostile)).getTextContent();
    for (String word :
        List.of("title", "claim", "no label", "panel", "curve", "constant", "value")) {
      assertThat(section).contains(word + shown);
    }
    for (String word : List.of("files", "0.1.0", "Linux", "study")) {
      assertThat(byId(page, "summary").getTextContent()).contains(word + shown);
    }
    assertThat(page.getDocumentElement().getTextContent())
        .contains("widthwise reproduce 'z;rm -rf $HOME'");
  }

  @Test
  void itsPolicyAllowsItsOwnStylesAndNothingElse() throws Exception {
    Document page = parsed(ReportPage.html(List.of(some(PLAIN))));
    List<Element> styles = all(page, "style");
    assertThat(styles).hasSize(1);
    String hash =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(styles.get(0).getTextContent().getBytes(StandardCharsets.UTF_8)));
    assertThat(
            all(page, "meta").stream()
                .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
                .map(meta -> meta.getAttribute("content")))
        .containsExactly(
            "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'"
                .formatted(hash));
    assertThat(styles.get(0).getTextContent()).doesNotContain("url(", "@import", "http");
    assertThat(ReportPage.html(List.of(some(PLAIN)))).doesNotContain("http:", "https:", "src=");
  }

  @Test
  void itsStructureIsThatOfADocument() throws Exception {
    Document page =
        parsed(
            ReportPage.html(
                List.of(some(PLAIN), new ItemState.Unreadable(new SampleItem("b", ""), "no"))));
    Set<String> ids = new HashSet<>();
    for (Element element : all(page, "*")) {
      if (element.hasAttribute("id")) {
        assertThat(ids.add(element.getAttribute("id"))).as(element.getAttribute("id")).isTrue();
      }
    }
    for (Element element : all(page, "*")) {
      if (element.getAttribute("href").startsWith("#")) {
        assertThat(ids).contains(element.getAttribute("href").substring(1));
      }
      if (element.hasAttribute("aria-labelledby")) {
        assertThat(ids).contains(element.getAttribute("aria-labelledby"));
      }
    }
    List<Integer> levels =
        all(page, "*").stream()
            .filter(element -> element.getTagName().matches("h[1-6]"))
            .map(element -> element.getTagName().charAt(1) - '0')
            .toList();
    assertThat(levels).startsWith(1, 2, 3);
    assertThat(Collections.frequency(levels, 1)).isEqualTo(1);
    for (int i = 1; i < levels.size(); i++) {
      assertThat(levels.get(i)).isLessThanOrEqualTo(levels.get(i - 1) + 1);
    }
    assertThat(all(page, "th"))
        .isNotEmpty()
        .allSatisfy(head -> assertThat(head.getAttribute("scope")).isIn("col", "row", "rowgroup"));
    assertThat(all(page, "table"))
        .allSatisfy(
            table -> assertThat(table.getElementsByTagName("caption").getLength()).isEqualTo(1));
    assertThat(all(page, "svg").stream().filter(svg -> svg.hasAttribute("role")))
        .hasSize(1)
        .allSatisfy(
            svg -> {
              assertThat(svg.getAttribute("role")).isEqualTo("img");
              assertThat(svg.getAttribute("aria-label")).isEqualTo("A: panel");
            });
    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("en");
  }

  @Test
  void withoutAnyRunsItSaysSo() throws Exception {
    Document page = parsed(ReportPage.html(List.of(new ItemState.NotRun(PLAIN))));
    assertThat(byId(page, "summary").getTextContent()).contains("No item has any runs yet.");
    assertThat(all(page, "table")).isEmpty();
  }

  @Test
  void anElementReachesOutOfThePageByNothingButItsTarget() {
    for (String name : List.of("href", "src", "style", "onclick")) {
      assertThatThrownBy(() -> Html.of("a", "x").with(name, "y"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name);
    }
    assertThatThrownBy(() -> new Html.Style("</style>"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theCommandNamesWhatDiffersFromTheNearestPreset() {
    Settings quick = PLAIN.settings(Preset.QUICK);
    Settings standard = PLAIN.settings(Preset.STANDARD);
    Map<Settings, String> commands =
        Map.of(
            quick,
            "",
            quick.withTrials(5),
            " --trials 5",
            quick.withSteps(7).withSeed(-3),
            " --steps 7 --seed -3",
            standard,
            " --preset standard",
            standard.withWidths(List.of(8L, 9L)),
            " --preset standard --widths 8,9");
    commands.forEach(
        (settings, options) ->
            assertThat(RepeatCommand.of(PLAIN, Json.tree(PLAIN.configuration(settings))))
                .isEqualTo("widthwise reproduce plain" + options));
    Map<String, Object> hostile = new TreeMap<>(PLAIN.configuration(quick));
    hostile.put("seed", "1'; rm -rf '");
    assertThat(RepeatCommand.of(PLAIN, Json.tree(hostile)))
        .isEqualTo("widthwise reproduce plain --seed '1'\\''; rm -rf '\\'''");
  }

  @Test
  void theSameRunsGiveTheSameBytesWhereverTheyAre(@TempDir Path directory) throws Exception {
    Path first = directory.resolve("first");
    Reproduction.of(
            List.of(new Figure2(), new Figure5()), Preset.QUICK, StandIn.generate(120, 7), first)
        .withSettings(preset -> Settings.training(List.of(8L, 16L), 2, 30))
        .run(SILENT);
    byte[] page = Files.readAllBytes(first.resolve(ReportPage.FILE));
    Document document = parsed(new String(page, StandardCharsets.UTF_8));
    assertThat(byId(document, "contents").getElementsByTagName("a").getLength()).isEqualTo(5);
    assertThat(byId(document, "item-fig2").getElementsByTagName("figure").getLength()).isEqualTo(1);
    Path second = Files.move(first, directory.resolve("sécond <b>"));
    Files.delete(second.resolve(ReportPage.FILE));
    Drawing.drawAll(second);
    assertThat(second.resolve(ReportPage.FILE)).hasBinaryContent(page);
  }
}
