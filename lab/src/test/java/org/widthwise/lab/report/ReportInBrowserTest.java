package org.widthwise.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.experiment.ItemReport;
import org.widthwise.lab.experiment.ItemState;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.PaperItems;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Reproduction;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.RunListener;

/** What only a browser knows of the page; skipped where there is none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReportInBrowserTest {

  private static final RunListener SILENT =
      new RunListener() {
        @Override
        public void progressed(Progress progress) {}

        @Override
        public void finished(MemberResult result, Progress progress) {}
      };

  private final PageInBrowser page;

  ReportInBrowserTest(@TempDir Path directory) throws Exception {
    page = PageInBrowser.open(ReportPage.html(states(directory.resolve("out"))), "", directory);
  }

  @AfterAll
  void close() {
    page.close();
  }

  /** Real items, the worst of items, a damaged one, and the rest as it is before any run. */
  private static List<ItemState> states(Path out) throws Exception {
    String study = PaperItems.named("fig2").study().id();
    List<PaperItem> items =
        PaperItems.all().stream().filter(item -> item.study().id().equals(study)).toList();
    List<ItemReport> reports =
        Reproduction.of(items, Preset.QUICK, StandIn.generate(120, 7), out)
            .withSettings(preset -> Settings.training(List.of(8L, 16L, 24L), 2, 30))
            .run(SILENT);
    List<ItemState> states = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      states.add(new ItemState.Reported(items.get(i), reports.get(i)));
    }
    SampleItem hostile = new SampleItem("x\"><script>", SampleItem.HOSTILE + "W".repeat(300));
    states.add(
        hostile.reported(
            List.of(SampleItem.fit("A", 0.5, 0.1, 0, "fails")),
            List.of(SampleItem.level(0.95, 0.02, 0.9, 1, "holds")),
            40,
            3,
            out));
    states.add(new ItemState.Unreadable(new SampleItem("b", ""), SampleItem.HOSTILE));
    states.add(new ItemState.NotRun(new SampleItem("c", SampleItem.HOSTILE)));
    return states;
  }

  @Test
  void nothingButTheFileIsFetchedAndNothingIsComplainedAbout() {
    page.assertFetchesNothing();
  }

  @Test
  void itsStylesAreAppliedAndForeignOnesAreNot() throws Exception {
    assertThat(page.evaluate("document.styleSheets.length").asInt()).isEqualTo(1);
    assertThat(
            page.evaluate("getComputedStyle(document.querySelector('.panels')).display").asText())
        .isEqualTo("grid");
    // That the policy is in force, and not merely written down.
    assertThat(
            page.evaluate(
                    """
                    (() => {
                      const style = document.createElement('style');
                      style.textContent = 'h1 { position: fixed }';
                      document.head.append(style);
                      const position = getComputedStyle(document.querySelector('h1')).position;
                      style.remove();
                      return position;
                    })()
                    """)
                .asText())
        .isEqualTo("static");
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 1200})
  void everyFigureIsDrawnAndThePageNeverScrollsSideways(int width) throws Exception {
    page.showAs(width, "light");
    JsonNode figures =
        page.evaluate(
            """
            [...document.querySelectorAll('figure')].map(figure =>
              [...figure.querySelectorAll('.panel > svg')].map(svg => {
                const box = svg.getBoundingClientRect();
                return [box.width, box.height, svg.querySelectorAll('path, circle').length,
                  box.left, box.right];
              }))
            """);
    assertThat(figures.size()).isGreaterThanOrEqualTo(6);
    for (JsonNode panels : figures) {
      assertThat(panels).isNotEmpty();
      for (JsonNode panel : panels) {
        assertThat(panel.get(0).asDouble()).isGreaterThan(250);
        assertThat(panel.get(1).asDouble()).isGreaterThan(150);
        assertThat(panel.get(2).asInt()).isGreaterThan(5);
        assertThat(panel.get(3).asDouble()).isNotNegative();
        assertThat(panel.get(4).asDouble()).isLessThanOrEqualTo(width);
      }
    }
    page.assertFits(width);
    // Opened details are wider than closed ones.
    assertThat(
            page.evaluate(
                    """
                    (() => {
                      const all = [...document.querySelectorAll('details')];
                      all.forEach(one => one.open = true);
                      const wide = document.scrollingElement.scrollWidth;
                      all.forEach(one => one.open = false);
                      return all.length > 0 ? wide : Infinity;
                    })()
                    """)
                .asInt())
        .isLessThanOrEqualTo(width);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void allTextStandsOutFromWhatIsBehindIt(String scheme) throws Exception {
    page.showAs(1200, scheme);
    page.assertContrasts(200);
    String paper = page.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    assertThat(paper).isEqualTo(scheme.equals("dark") ? "rgb(22, 22, 22)" : "rgb(255, 255, 255)");
  }

  @Test
  void headingsComeInOrderAsAScreenReaderHearsThem() throws Exception {
    List<Integer> levels = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> roles = new HashSet<>();
    for (JsonNode node : page.call("Accessibility.getFullAXTree", Map.of()).path("nodes")) {
      String role = node.path("role").path("value").asText();
      if (node.path("ignored").asBoolean()) {
        continue;
      }
      roles.add(role);
      if (role.equals("heading")) {
        for (JsonNode property : node.path("properties")) {
          if (property.path("name").asText().equals("level")) {
            levels.add(property.path("value").path("value").asInt());
          }
        }
        assertThat(node.path("name").path("value").asText()).isNotBlank();
      }
      if (role.equals("image")) {
        names.add(node.path("name").path("value").asText());
      }
    }
    assertThat(levels).startsWith(1, 2, 3).filteredOn(level -> level == 1).hasSize(1);
    for (int i = 1; i < levels.size(); i++) {
      assertThat(levels.get(i)).isLessThanOrEqualTo(levels.get(i - 1) + 1);
    }
    assertThat(names).contains("A: Relative change in features").noneMatch(String::isBlank);
    assertThat(roles).contains("main", "navigation", "table", "columnheader", "rowheader");
  }

  @Test
  void everyLinkWithinThePageHasItsTarget() throws Exception {
    JsonNode dangling =
        page.evaluate(
            """
            [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))
              .filter(href => href.startsWith('#') && !document.getElementById(href.slice(1)))
            """);
    assertThat(dangling).isEmpty();
    assertThat(page.evaluate("document.querySelectorAll('a[href^=\"#\"]').length").asInt())
        .isGreaterThan(10);
  }

  @Test
  void theTabulatorReachesEverythingInOrderAndItShows() throws Exception {
    page.showAs(1200, "light");
    int focusable =
        page.evaluate("document.querySelectorAll('a, summary, .scroll').length").asInt();
    assertThat(focusable).isGreaterThan(30);
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
    String number =
        "[...document.querySelectorAll('a, summary, .scroll')].indexOf(document.activeElement)";
    for (int i = 0; i < focusable; i++) {
      page.pressTabulator();
      JsonNode focus =
          page.evaluate(
              """
              (() => {
                const box = document.activeElement.getBoundingClientRect();
                return [%s, getComputedStyle(document.activeElement).outlineStyle, box.left,
                  document.activeElement.textContent.slice(0, 40)];
              })()
              """
                  .formatted(number));
      assertThat(focus.get(0).asInt()).as(focus.toString()).isEqualTo(i);
      assertThat(focus.get(1).asText()).as(focus.toString()).isEqualTo("solid");
      assertThat(focus.get(2).asDouble()).as(focus.toString()).isNotNegative();
    }
  }

  @Test
  void onPaperEverythingIsShownAndNoFigureIsCut() throws Exception {
    page.showAs(1200, "light");
    page.call("Emulation.setEmulatedMedia", Map.of("media", "print"));
    JsonNode found =
        page.evaluate(
            """
            [[...document.querySelectorAll('details dl')]
                .filter(dl => dl.getBoundingClientRect().height === 0).length,
             [...document.querySelectorAll('.panel, tr, pre')]
                .filter(e => getComputedStyle(e).breakInside !== 'avoid').length,
             getComputedStyle(document.querySelector('.scroll')).overflowX]
            """);
    assertThat(found.get(0).asInt()).isZero();
    assertThat(found.get(1).asInt()).isZero();
    assertThat(found.get(2).asText()).isEqualTo("visible");
    JsonNode pdf = page.call("Page.printToPDF", Map.of());
    assertThat(pdf.path("data").asText().length()).isGreaterThan(10_000);
  }
}
