package org.widthwise.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.report.AuditPage;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.Band;
import org.widthwise.audit.spectrum.MapAudit;
import org.widthwise.audit.spectrum.SingularSpectrum;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;
import org.widthwise.audit.spectrum.UpdateAlignment;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;

/** The page of an audit, with five thousand tensors; skipped where there is no browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditPageInBrowserTest {

  private static final int TENSORS = 5000;
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=a>@JS@";

  private static final String WORDS =
      """
      const set = (id, value, kind) => {
        document.getElementById(id).value = value;
        document.getElementById(id).dispatchEvent(new Event(kind));
      };
      const names = () => [...document.querySelectorAll('.row > .name')].map(n => n.textContent);
      """;

  private final PageInBrowser page;

  private static TensorSizes sizes(double ratio, long nonFinite) {
    double size = nonFinite > 0 ? Double.NaN : ratio;
    return new TensorSizes(
        size,
        1e-6,
        2 * size,
        4,
        size / 64,
        size,
        size,
        Double.NaN,
        nonFinite,
        nonFinite > 0 ? 65 : -1);
  }

  private static TensorAudit tensor(String name, double ratio, long nonFinite) {
    return tensor(name, ratio, nonFinite, 3.25);
  }

  private static TensorAudit tensor(String name, double ratio, long nonFinite, double ofQueries) {
    return new TensorAudit(
        name,
        List.of(64L, 64L),
        "BF16",
        ParameterShape.matrix(Layer.HIDDEN, 64, 64),
        "two axes " + HOSTILE,
        sizes(ratio, nonFinite),
        Optional.of(sizes(1, 0)),
        Optional.of(sizes(0.5 * ratio, 0)),
        Optional.of(new UpdateAlignment(0.5, 0.75, 2.0 / 3, -0.125)),
        List.of(
            new MapAudit(
                "query",
                ParameterShape.matrix(Layer.HIDDEN, 32, 64),
                sizes(ofQueries, 0),
                Optional.empty())),
        Optional.of(spectrum()));
  }

  /** Half of the values within the edge, two bins beyond it. */
  private static SingularSpectrum spectrum() {
    List<SingularSpectrum.Bin> bins = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      bins.add(new SingularSpectrum.Bin(i, i + 1, 0.25, i < 2 ? 0.25 : 0));
    }
    return new SingularSpectrum(
        SingularSpectrum.Method.GRAM, List.of(4.0), 0.1, 2, 32, true, 0.4, 0.5, 0.3, bins);
  }

  private static AuditResult result() {
    List<TensorAudit> tensors = new ArrayList<>();
    tensors.add(tensor(HOSTILE + "\u202e\u001b[2J", 1, 0));
    tensors.add(tensor("nan.weight", 1, 7));
    tensors.add(tensor("zero.weight", 0, 0));
    tensors.add(tensor("fused.weight", 1, 0, 7.25));
    for (int i = tensors.size(); i < TENSORS; i++) {
      // Every thousandth is far off, the larger the later.
      tensors.add(tensor("layers.%d.attn.weight".formatted(i), i % 1000 == 0 ? i : 1 + i % 3, 0));
    }
    return new AuditResult(tensors, List.of(new SkippedTensor(HOSTILE, HOSTILE)), true);
  }

  AuditPageInBrowserTest(@TempDir Path directory) throws Exception {
    page =
        PageInBrowser.open(
            AuditPage.html("model " + HOSTILE, HOSTILE, result(), Band.usual()), WORDS, directory);
  }

  @AfterAll
  void close() {
    page.close();
  }

  @BeforeEach
  void showEverything() throws Exception {
    page.showAs(1200, "light");
    act(
        "set('search', '', 'input'); set('order', 'network', 'change');"
            + " set('of', 'weight', 'change')");
  }

  /** Does something and gives the names that are then in the list. */
  private JsonNode act(String statements) throws Exception {
    return page.act(statements, "names()");
  }

  @Test
  void nothingIsFetchedAndHostileNamesAreText() throws Exception {
    page.assertFetchesNothing();
    assertThat(page.ask("document.querySelectorAll('img, main script').length").asInt()).isZero();
    assertThat(page.ask("names()[0]").asText()).isEqualTo(HOSTILE + "\\u{202e}\\u{1b}[2J");
    assertThat(page.text("checkpoint")).isEqualTo("model " + HOSTILE);
    assertThat(page.text("skippedList")).contains(HOSTILE);
    assertThat(page.ask("document.getElementById('partial').hidden").asBoolean()).isFalse();
    page.assertRunsNoForeignScript();
  }

  @Test
  void ofFiveThousandTensorsFewAreInTheDocumentAndNothingTakesLong() throws Exception {
    assertThat(page.ask("document.querySelectorAll('*').length").asInt()).isLessThan(400);
    assertThat(page.text("count")).isEqualTo("5000 of 5000 tensors");
    JsonNode end =
        act("document.getElementById('list').scrollTop = 1e9; set('of', 'weight', 'change')");
    assertThat(end.get(end.size() - 1).asText()).isEqualTo("layers.4999.attn.weight");
  }

  @Test
  void drawsTheDistributionOfSingularValues() throws Exception {
    act("document.querySelectorAll('.row')[0].click()");
    assertThat(page.ask("document.querySelectorAll('#details svg .share').length").asInt())
        .isEqualTo(2);
    assertThat(page.ask("document.querySelectorAll('#details svg .beyond').length").asInt())
        .isEqualTo(2);
    // Equal parts are drawn as bars of one height, above the axis.
    assertThat(
            page.ask(
                    "new Set([...document.querySelectorAll('#details svg rect')]"
                        + ".map(r => r.getAttribute('height'))).size")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void searchesAndSorts() throws Exception {
    assertThat(act("set('search', 'ATTN .2000.', 'input')").toString())
        .isEqualTo("[\"layers.2000.attn.weight\"]");
    act("set('search', '', 'input')");
    assertThat(act("set('order', 'largest', 'change')").get(0).asText())
        .isEqualTo("layers.4000.attn.weight");
    assertThat(act("set('order', 'name', 'change')").get(0).asText()).startsWith("</script>");
    act("set('order', 'network', 'change')");
    JsonNode out = act("document.getElementById('out').click()");
    assertThat(out.toString())
        .isEqualTo(
            "[\"nan.weight\",\"zero.weight\",\"fused.weight\",\"layers.1000.attn.weight\","
                + "\"layers.2000.attn.weight\",\"layers.3000.attn.weight\","
                + "\"layers.4000.attn.weight\"]");
    act("document.querySelectorAll('.row')[2].click()");
    assertThat(page.text("details"))
        .contains("these maps are out of band, see below: query.")
        .contains("ratio 7.250; init or multiplier ×0.138")
        .doesNotContain("times its target size");
    act("document.getElementById('out').click()");
    assertThat(page.ask("document.querySelectorAll('.value')[1].textContent").asText())
        .isEqualTo("not finite");
  }

  @Test
  void keysWalkAlongTheListAndDetailsAreShownOnDemand() throws Exception {
    act("document.getElementById('list').focus()");
    page.press("Home");
    page.press("ArrowDown");
    assertThat(page.text("details"))
        .contains("nan.weight", "7 entries are NaN or infinite, the first at [1, 1]");
    page.press("End");
    assertThat(page.text("details"))
        .contains(
            "layers.4999.attn.weight",
            "two axes",
            "stable rank",
            "Update",
            "fan-in",
            "alignment with W",
            "0.75, 0.6667",
            "-0.125",
            "query [32, 64]",
            "ratio 3.25");
    assertThat(
            page.ask(
                    "document.getElementById(document.getElementById('list')"
                        + ".getAttribute('aria-activedescendant')).textContent")
                .asText())
        .contains("layers.4999");
    act("document.getElementById('chart').focus()");
    page.press("Home");
    for (int i = 0; i < 4; i++) {
      page.press("ArrowRight");
    }
    assertThat(page.ask("document.getElementById('chart').getAttribute('aria-valuetext')").asText())
        .startsWith("layers.4.attn.weight: ");
    act("set('search', '4000', 'input')");
    act("document.querySelector('.row').click()");
    assertThat(page.text("details"))
        .contains("has 4.00e+03 times its target size", "by 0.00025", "learning rate by 0.0005");
  }

  /** Pixels of the overview, since a canvas has nothing else to look at. */
  @Test
  void theOverviewHasABarForWhatIsFarOff() throws Exception {
    String pixel =
        """
        (() => { const c = document.getElementById('chart'), g = c.getContext('2d');
          const x = Math.round(46 + (%s + .5) * (c.clientWidth - 52) / 5000);
          let found = 0;
          for (let y = 0; y < c.height; y++) {
            for (let near = x - 1; near <= x + 1; near++) {
              const [r, gr, b] = g.getImageData(near, y, 1, 1).data;
              if (r > 160 && gr < 90 && b < 60) { found++; break; }
            }
          }
          return found; })()
        """;
    page.evaluate("document.activeElement.blur()");
    int tall = page.evaluate(pixel.formatted("4000")).asInt();
    int low = page.evaluate(pixel.formatted("1000")).asInt();
    assertThat(tall).isGreaterThan(low);
    assertThat(low).isGreaterThan(50);
    assertThat(page.evaluate(pixel.formatted("2500")).asInt()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 700, 1200})
  void thePageNeverScrollsSideways(int width) throws Exception {
    page.showAs(width, "light");
    act("document.querySelector('.row').click()");
    page.assertFits(width);
    assertThat(page.evaluate("document.getElementById('chart').clientWidth").asInt())
        .isGreaterThan(width / 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void allTextStandsOutFromWhatIsBehindIt(String scheme) throws Exception {
    page.showAs(1200, scheme);
    act("document.querySelectorAll('.row')[1].click()");
    page.assertContrasts(60);
  }
}
