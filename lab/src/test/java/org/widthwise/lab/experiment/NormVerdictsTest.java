package org.widthwise.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.paper.Claim1;
import org.widthwise.lab.paper.Claim2;
import org.widthwise.lab.paper.Lemma1;
import org.widthwise.lab.paper.Proposition1;
import org.widthwise.lab.paper.Table1;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;

/**
 * The items on norms with few narrow networks: what is right never fails, what is not never holds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NormVerdictsTest {

  static final List<PaperItem> ITEMS =
      List.of(new Table1(), new Claim1(), new Claim2(), new Lemma1(), new Proposition1());

  private static final ImageDataset DATA = StandIn.generate(100, 7);
  private static final List<Long> WIDTHS = List.of(64L, 128L, 256L);

  private final List<MemberResult> updates = new ArrayList<>();
  private final List<MemberResult> matrices = new ArrayList<>();

  @BeforeAll
  void measure() throws InterruptedException {
    for (Member member : new Table1().study().members(Settings.training(WIDTHS, 3, 2), DATA)) {
      updates.add(member.run(share -> {}));
    }
    for (Member member : new Claim1().study().members(Settings.measuring(WIDTHS, 3), DATA)) {
      matrices.add(member.run(share -> {}));
    }
  }

  private List<MemberResult> resultsOf(PaperItem item) {
    return item.study().id().equals("updates") ? updates : matrices;
  }

  private static List<MemberResult> changed(
      List<MemberResult> results, UnaryOperator<String> series, UnaryOperator<String> value) {
    List<MemberResult> changed = new ArrayList<>();
    for (MemberResult result : results) {
      TreeMap<String, Double> values = new TreeMap<>();
      result.values().forEach((name, number) -> values.put(value.apply(name), number));
      MemberKey key = result.key();
      changed.add(
          new MemberResult(
              new MemberKey(series.apply(key.series()), key.x(), key.trial()),
              values,
              result.finalLoss(),
              result.steps(),
              result.diverged(),
              result.seconds()));
    }
    return changed;
  }

  private static UnaryOperator<String> swapping(String one, String other) {
    return name -> name.contains(one) ? name.replace(one, other) : name.replace(other, one);
  }

  /** Verdicts by panel and curve. */
  private static Map<String, String> verdicts(PaperItem item, List<MemberResult> results) {
    Map<String, String> verdicts = new TreeMap<>();
    SlopeFits.of(item, results)
        .forEach(fit -> verdicts.put(fit.panel() + " " + fit.series(), fit.verdict()));
    LevelChecks.of(item, results)
        .forEach(level -> verdicts.put(level.panel() + " " + level.series(), level.verdict()));
    return verdicts;
  }

  @ParameterizedTest
  @FieldSource("ITEMS")
  void everyCurveHasAValueForEveryMemberOfItsGroup(PaperItem item) {
    for (PanelSpec panel : item.panels()) {
      for (Curve curve : panel.curves()) {
        assertThat(curve.values(resultsOf(item)))
            .as("%s %s", panel.id(), curve.id())
            .hasSize(WIDTHS.size())
            .allSatisfy(
                (x, byTrial) ->
                    assertThat(byTrial.values()).hasSize(3).allMatch(value -> value > 0));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("ITEMS")
  void theTheoryDoesNotFail(PaperItem item) {
    assertThat(verdicts(item, resultsOf(item))).doesNotContainValue("fails");
  }

  @Test
  void updatesDoNotPassForWeightsNorWeightsForUpdates() {
    Map<String, String> verdicts =
        verdicts(new Table1(), changed(updates, s -> s, swapping("init.", "first.")));
    for (String column : List.of("stable_rank", "frobenius", "rms_entry")) {
      for (String shape : List.of("square", "wide", "tall")) {
        assertThat(verdicts.get("weights_" + column + " " + shape)).isNotEqualTo("holds");
        assertThat(verdicts.get("updates_" + column + " " + shape)).isNotEqualTo("holds");
      }
    }
  }

  @Test
  void oneShapeDoesNotPassForAnother() {
    Map<String, String> verdicts =
        verdicts(new Table1(), changed(updates, s -> s, swapping(".1.", ".2.")));
    for (String panel : List.of("weights_spectral", "updates_spectral", "weights_rms_entry")) {
      assertThat(verdicts.get(panel + " wide")).isNotEqualTo("holds");
      assertThat(verdicts.get(panel + " tall")).isNotEqualTo("holds");
    }
  }

  @Test
  void initialWeightsDoNotPassForUpdatesInLemma1() {
    for (String time : List.of("first", "last", "total")) {
      Map<String, String> verdicts =
          verdicts(new Lemma1(), changed(updates, s -> s, swapping("init.", time + ".")));
      for (String rule : List.of("sgd", "adam", "sign")) {
        assertThat(verdicts.get(time + " " + rule)).isNotEqualTo("holds");
      }
    }
  }

  @Test
  void otherExamplesDoNotPassForAnUpdatesOwn() {
    Map<String, String> verdicts =
        verdicts(new Claim2(), changed(updates, s -> s, swapping(".own.", ".other.")));
    assertThat(verdicts).hasSize(12).doesNotContainValue("holds");
  }

  @ParameterizedTest
  @FieldSource("RANDOM")
  void vectorsDoNotPassForMatrices(PaperItem item) {
    Map<String, String> verdicts =
        verdicts(item, changed(matrices, swapping("square", "row"), value -> value));
    verdicts
        .keySet()
        .removeIf(
            curve -> !curve.matches("(gaussian|orthogonal) .*/(square|row)" + "|(matrix|row) .*"));
    assertThat(verdicts).hasSizeGreaterThanOrEqualTo(4).doesNotContainValue("holds");
  }

  static final List<PaperItem> RANDOM = List.of(new Claim1(), new Proposition1());
}
