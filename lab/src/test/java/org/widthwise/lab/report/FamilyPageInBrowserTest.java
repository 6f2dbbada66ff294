package org.widthwise.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.family.FamilyAudit;
import org.widthwise.audit.family.FamilyMember;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.report.FamilyPage;
import org.widthwise.audit.spectrum.AuditResult;
import org.widthwise.audit.spectrum.TensorAudit;
import org.widthwise.audit.spectrum.TensorSizes;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;

/**
 * The page of a family of four widths, with more tensors than it lists; skipped without browser.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FamilyPageInBrowserTest {

  private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512);
  private static final int TENSORS = 600;
  private static final int LISTED = 500;
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=a>@DATA@";
  private static final double STILL = Double.NEGATIVE_INFINITY;
  private static final String GROWING = "layers.7.mlp.weight";

  private static final String WORDS =
      """
      const $ = id => document.getElementById(id);
      const set = (id, value, kind) => { $(id).value = value; $(id).dispatchEvent(new Event(kind)); };
      const names = () => [...document.querySelectorAll('#rows button')].map(n => n.textContent);
      const cells = at => [...document.querySelectorAll('#rows tr')][at].innerText.split('\\t');
      const chosen = () =>
        document.querySelector('#rows tr[aria-selected=true] button')?.textContent;
      """;

  private final PageInBrowser page;
  private String atFirst = "";

  /** A square matrix whose size over its target goes as a power of width, or that did not move. */
  private static TensorAudit tensor(
      String name, int width, double exponent, double updateExponent) {
    double size = 2 * Math.pow(width / 64.0, exponent);
    double change = updateExponent == STILL ? 0 : 0.5 * Math.pow(width / 64.0, updateExponent);
    return new TensorAudit(
        name,
        List.of((long) width, (long) width),
        "F32",
        ParameterShape.matrix(Layer.HIDDEN, width, width),
        "two axes",
        sizes(size, width),
        Optional.of(sizes(size, width)),
        Optional.of(sizes(change, width)),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  private static TensorSizes sizes(double size, int width) {
    double frobenius = size * Math.sqrt(width) / 2;
    return new TensorSizes(
        size, 1e-6, frobenius, width / 4.0, frobenius / width, size, size, Double.NaN, 0, -1);
  }

  private static FamilyMember member(int width) {
    List<TensorAudit> tensors = new ArrayList<>();
    tensors.add(tensor(HOSTILE + "\u202e\u001b[2J", width, 0, 0));
    tensors.add(tensor(GROWING, width, 0.5, -0.25));
    tensors.add(tensor("layers.8.mlp.weight", width, 0.25, 0));
    tensors.add(tensor("zero.weight", width, 0, STILL));
    while (tensors.size() < TENSORS) {
      tensors.add(tensor("blocks.%d.attn.weight".formatted(tensors.size()), width, 0, 0.125));
    }
    return new FamilyMember(
        "w%d %s".formatted(width, HOSTILE),
        new AuditResult(tensors, List.of(new SkippedTensor(HOSTILE, HOSTILE)), false));
  }

  FamilyPageInBrowserTest(@TempDir Path directory) throws Exception {
    String html =
        FamilyPage.html(
            FamilyAudit.withDefaults()
                .run(WIDTHS.stream().map(FamilyPageInBrowserTest::member).toList()),
            true,
            List.of("the weights grow as under spectral"));
    page = PageInBrowser.open(html, WORDS, directory);
  }

  @BeforeAll
  void rememberTheFirstChoice() throws Exception {
    atFirst = page.ask("chosen()").asText();
    assertThat(page.text("details")).contains(atFirst);
  }

  @AfterAll
  void close() {
    page.close();
  }

  @BeforeEach
  void showEverything() throws Exception {
    page.showAs(1200, "light");
    page.ask("set('search', '', 'input'), set('order', 'network', 'change')");
  }

  @Test
  void nothingIsFetchedAndHostileNamesAreText() throws Exception {
    page.assertFetchesNothing();
    assertThat(page.ask("document.querySelectorAll('img, main script').length").asInt()).isZero();
    assertThat(page.ask("names()[0]").asText()).isEqualTo(HOSTILE + "\\u{202e}\\u{1b}[2J");
    assertThat(page.text("memberList")).contains("width 512: w512 " + HOSTILE);
    assertThat(page.text("skippedList")).contains(HOSTILE + ": " + HOSTILE);
    page.assertRunsNoForeignScript();
  }

  @Test
  void saysWhatWasFoundInAll() throws Exception {
    assertThat(page.text("summary"))
        .isEqualTo(
            "600 tensors at 4 widths; Condition 1 holds of 597, fails of 2, undecided of 1"
                + " (an exponent of size over target within ±0.2 of 0).");
    assertThat(page.text("resemblance")).isEqualTo("the weights grow as under spectral");
    assertThat(page.ask("$('partial').hidden").asBoolean()).isFalse();
    assertThat(page.ask("$('updateHead').hidden").asBoolean()).isFalse();
    assertThat(page.text("count")).isEqualTo("600 of 600 tensors");
    assertThat(page.ask("names().length").asInt()).isEqualTo(LISTED);
    assertThat(page.text("more")).isEqualTo("100 more: search, or sort otherwise");
  }

  @Test
  void listsExponentsAndVerdicts() throws Exception {
    assertThat(page.ask("cells(1)").toString())
        .isEqualTo(
            "[\"%s\",\"hidden\",\"+0.500 ± 0.000\",\"−0.250 ± 0.000\",\"fails\"]"
                .formatted(GROWING));
    assertThat(page.ask("cells(3)").toString())
        .isEqualTo("[\"zero.weight\",\"hidden\",\"+0.000 ± 0.000\",\"–\",\"undecided\"]");
    assertThat(page.ask("cells(4)[4]").asText()).isEqualTo("holds");
  }

  @Test
  void searchesAndSorts() throws Exception {
    page.ask("set('search', 'MLP fails', 'input')");
    assertThat(page.ask("names()").toString())
        .isEqualTo("[\"%s\",\"layers.8.mlp.weight\"]".formatted(GROWING));
    assertThat(page.text("count")).isEqualTo("2 of 600 tensors");
    assertThat(page.ask("$('more').hidden").asBoolean()).isTrue();
    page.ask("set('search', 'undecided', 'input')");
    assertThat(page.ask("names()").toString()).isEqualTo("[\"zero.weight\"]");
    page.ask("set('search', '', 'input'), set('order', 'exponent', 'change')");
    assertThat(page.ask("names().slice(0, 2)").toString())
        .isEqualTo("[\"%s\",\"layers.8.mlp.weight\"]".formatted(GROWING));
    page.ask("set('order', 'verdict', 'change')");
    assertThat(page.ask("names()[2]").asText()).isEqualTo("zero.weight");
    page.ask("set('order', 'name', 'change')");
    assertThat(page.ask("names()[0]").asText()).startsWith("</script>");
    assertThat(page.ask("names()[1]").asText()).isEqualTo("blocks.10.attn.weight");
  }

  /** A power law is a line through its points, flat where Condition 1 holds. */
  @Test
  void drawsSizesOfTheChosenTensorOverWidth() throws Exception {
    page.ask("[...document.querySelectorAll('#rows button')][1].click()");
    assertThat(page.ask("chosen()").asText()).isEqualTo(GROWING);
    assertThat(page.text("details"))
        .contains(
            GROWING,
            "matrix, hidden; Condition 1: fails",
            "[64, 64] [128, 128] [256, 256] [512, 512]",
            "+0.500 ± 0.000, 95 % in +0.500 … +0.500; 2, 2.828, 4, 5.657");
    JsonNode plots =
        page.ask(
            """
            [...document.querySelectorAll('#details svg')].map(svg => {
              const at = (line, key) => Number(svg.querySelector(line).getAttribute(key));
              const away = [...svg.querySelectorAll('circle')].map(c => {
                const share = (Number(c.getAttribute('cx')) - at('.fit', 'x1'))
                  / (at('.fit', 'x2') - at('.fit', 'x1'));
                return Math.abs(at('.fit', 'y1') + share * (at('.fit', 'y2') - at('.fit', 'y1'))
                  - Number(c.getAttribute('cy')));
              });
              return [away.length, Math.max(...away), at('.fit', 'y1') - at('.fit', 'y2'),
                at('.predicted', 'y1') - at('.predicted', 'y2')];
            })
            """);
    // The weight's and the update's.
    assertThat(plots).hasSize(2);
    for (JsonNode plot : plots) {
      assertThat(plot.get(0).asInt()).isEqualTo(WIDTHS.size());
      // Within a hundredth of a pixel.
      assertThat(plot.get(1).asDouble()).isLessThan(0.01);
      assertThat(plot.get(3).asDouble()).isZero();
    }
    // One grows, the other shrinks.
    assertThat(plots.get(0).get(2).asDouble()).isGreaterThan(50);
    assertThat(plots.get(1).get(2).asDouble()).isLessThan(-20);

    page.ask("[...document.querySelectorAll('#rows button')][3].click()");
    assertThat(page.ask("document.querySelectorAll('#details svg').length").asInt()).isEqualTo(1);
    assertThat(page.text("details")).contains("Zero or not finite at some width: nothing to draw.");
  }

  @Test
  void theWorstIsChosenToBeginWith() {
    assertThat(atFirst).isEqualTo(GROWING);
  }

  /** Choosing makes the rows anew, which must not take the focus away. */
  @Test
  void theTabulatorReachesEveryRowAndKeepsItsPlace() throws Exception {
    page.ask("set('search', 'mlp', 'input'), $('order').focus()");
    page.pressTabulator();
    page.pressTabulator();
    // A table that scrolls may be a stop of its own.
    String focused = "document.activeElement.textContent";
    for (int i = 0; i < 2 && !page.ask(focused).asText().equals("layers.8.mlp.weight"); i++) {
      page.pressTabulator();
    }
    assertThat(page.ask(focused).asText()).isEqualTo("layers.8.mlp.weight");
    page.pressEnter();
    assertThat(page.ask("chosen()").asText()).isEqualTo("layers.8.mlp.weight");
    assertThat(page.ask(focused).asText()).isEqualTo("layers.8.mlp.weight");
    assertThat(page.ask("getComputedStyle(document.activeElement).outlineStyle").asText())
        .isEqualTo("solid");
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 700, 1200})
  void thePageNeverScrollsSideways(int width) throws Exception {
    page.showAs(width, "light");
    page.ask("[...document.querySelectorAll('#rows button')][0].click()");
    page.assertFits(width);
    assertThat(page.ask("document.querySelector('#details svg').clientWidth").asInt())
        .isBetween(150, width);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void allTextStandsOutFromWhatIsBehindIt(String scheme) throws Exception {
    page.showAs(1200, scheme);
    page.ask("[...document.querySelectorAll('#rows button')][1].click()");
    page.assertContrasts(1000);
  }
}
