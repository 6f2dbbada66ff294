package org.widthwise.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  /** What WCAG 2 asks for of text (level AA). */
  private static final double LEAST_CONTRAST = 4.5;

  private static final RunListener SILENT =
      new RunListener() {
        @Override
        public void progressed(Progress progress) {}

        @Override
        public void finished(MemberResult result, Progress progress) {}
      };

  private Optional<Browser> started = Optional.empty();

  @BeforeAll
  void openTheReport(@TempDir Path directory) throws Exception {
    Optional<Path> program = Browser.installed();
    assumeTrue(
        program.isPresent(),
        "no chromium, chromium-browser or google-chrome on the PATH: the report was not looked at");
    Path file = directory.resolve("a näme & so on.html");
    Files.writeString(file, ReportPage.html(states(directory.resolve("out"))));
    Browser browser = Browser.start(program.orElseThrow(), directory);
    started = Optional.of(browser);
    for (String domain : List.of("Page", "Network", "Log", "Runtime")) {
      browser.call(domain + ".enable", Map.of());
    }
    browser.open(file);
  }

  @AfterAll
  void close() {
    started.ifPresent(Browser::close);
  }

  private Browser browser() {
    return started.orElseThrow();
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

  private void showAs(int width, String scheme) throws Exception {
    browser()
        .call(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));
    browser()
        .call(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  @Test
  void nothingButTheFileIsFetchedAndNothingIsComplainedAbout() {
    List<String> fetched =
        browser().events("Network.requestWillBeSent").stream()
            .map(event -> event.path("request").path("url").asText())
            .toList();
    assertThat(fetched).hasSize(1).allSatisfy(url -> assertThat(url).startsWith("file:"));
    assertThat(browser().events("Log.entryAdded")).isEmpty();
    assertThat(browser().events("Runtime.consoleAPICalled")).isEmpty();
    assertThat(browser().events("Runtime.exceptionThrown")).isEmpty();
    assertThat(browser().events("Page.javascriptDialogOpening")).isEmpty();
  }

  @Test
  void itsStylesAreAppliedAndForeignOnesAreNot() throws Exception {
    assertThat(browser().evaluate("document.styleSheets.length").asInt()).isEqualTo(1);
    assertThat(
            browser()
                .evaluate("getComputedStyle(document.querySelector('.panels')).display")
                .asText())
        .isEqualTo("grid");
    // That the policy is in force, and not merely written down.
    assertThat(
            browser()
                .evaluate(
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
    showAs(width, "light");
    JsonNode figures =
        browser()
            .evaluate(
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
    assertThat(browser().evaluate("document.scrollingElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(width);
    // Opened details are wider than closed ones.
    assertThat(
            browser()
                .evaluate(
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
    showAs(1200, scheme);
    JsonNode texts =
        browser()
            .evaluate(
                """
                (() => {
                  const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
                  const light = colour => {
                    const [r, g, b] = numbers(colour).slice(0, 3).map(c => c / 255)
                      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                  };
                  const opaque = colour => numbers(colour).length === 3 || numbers(colour)[3] === 1;
                  const behind = element => {
                    for (let e = element; e; e = e.parentElement) {
                      const panel = e.tagName === 'svg' && e.querySelector(':scope > path');
                      const colour = panel ? getComputedStyle(panel).fill
                        : getComputedStyle(e).backgroundColor;
                      if (opaque(colour)) return colour;
                    }
                    return 'rgb(255, 255, 255)';
                  };
                  document.querySelectorAll('details').forEach(one => one.open = true);
                  const found = [];
                  for (const e of document.body.querySelectorAll('*')) {
                    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
                    if (!own || ['desc', 'title', 'style'].includes(e.tagName)) continue;
                    const style = getComputedStyle(e);
                    const colour = e.closest('svg') ? style.fill : style.color;
                    const a = light(colour), b = light(behind(e));
                    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                    found.push([contrast, e.tagName + '.' + e.getAttribute('class'), colour,
                      parseFloat(style.fontSize)]);
                  }
                  document.querySelectorAll('details').forEach(one => one.open = false);
                  return found;
                })()
                """);
    assertThat(texts.size()).isGreaterThan(200);
    for (JsonNode text : texts) {
      assertThat(text.get(0).asDouble()).as(text.toString()).isGreaterThan(LEAST_CONTRAST);
    }
    String paper = browser().evaluate("getComputedStyle(document.body).backgroundColor").asText();
    assertThat(paper).isEqualTo(scheme.equals("dark") ? "rgb(22, 22, 22)" : "rgb(255, 255, 255)");
  }

  @Test
  void headingsComeInOrderAsAScreenReaderHearsThem() throws Exception {
    List<Integer> levels = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> roles = new HashSet<>();
    for (JsonNode node : browser().call("Accessibility.getFullAXTree", Map.of()).path("nodes")) {
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
        browser()
            .evaluate(
                """
                [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))
                  .filter(href => href.startsWith('#') && !document.getElementById(href.slice(1)))
                """);
    assertThat(dangling).isEmpty();
    assertThat(browser().evaluate("document.querySelectorAll('a[href^=\"#\"]').length").asInt())
        .isGreaterThan(10);
  }

  @Test
  void theTabulatorReachesEverythingInOrderAndItShows() throws Exception {
    showAs(1200, "light");
    int focusable =
        browser().evaluate("document.querySelectorAll('a, summary, .scroll').length").asInt();
    assertThat(focusable).isGreaterThan(30);
    browser().evaluate("document.activeElement.blur(); scrollTo(0, 0)");
    String number =
        "[...document.querySelectorAll('a, summary, .scroll')].indexOf(document.activeElement)";
    for (int i = 0; i < focusable; i++) {
      for (String type : List.of("keyDown", "keyUp")) {
        browser()
            .call(
                "Input.dispatchKeyEvent",
                Map.of("type", type, "key", "Tab", "code", "Tab", "windowsVirtualKeyCode", 9));
      }
      JsonNode focus =
          browser()
              .evaluate(
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
    showAs(1200, "light");
    browser().call("Emulation.setEmulatedMedia", Map.of("media", "print"));
    JsonNode found =
        browser()
            .evaluate(
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
    JsonNode pdf = browser().call("Page.printToPDF", Map.of());
    assertThat(pdf.path("data").asText().length()).isGreaterThan(10_000);
  }
}
