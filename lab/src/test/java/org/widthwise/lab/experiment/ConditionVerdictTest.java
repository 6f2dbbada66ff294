package org.widthwise.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.paper.Condition1;
import org.widthwise.lab.paper.Desideratum1;
import org.widthwise.lab.paper.Uniqueness;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;

/**
 * The verdicts on Condition 1, Desideratum 1 and Theorem 1 depend on the data: with the networks of
 * another scheme, of which theory says something else, no prediction holds.
 */
final class ConditionVerdictTest {

  private static final ImageDataset DATA = StandIn.generate(120, 7);
  private static final Settings SMALL = Settings.training(List.of(64L, 96L, 128L, 192L), 8, 1);

  @Test
  void noSchemeHoldsWithTheNetworksOfAnother() throws InterruptedException {
    Map<String, String> swapped =
        Map.of("sp", "ntp", "ntp", "sp", "corrected", "published", "published", "corrected");
    List<MemberResult> results = run(new Condition1().study(), swapped);
    assertFollows(new Condition1(), results, swapped);
    assertFollows(new Desideratum1(), results, swapped);
  }

  @Test
  void noShiftHoldsWithTheNetworksOfAnother() throws InterruptedException {
    Map<String, String> swapped =
        Map.of(
            "rate.2.minus_half", "rate.2.plus_quarter",
            "rate.2.plus_quarter", "rate.2.minus_half",
            "init.1.plus_half", "init.1.minus_quarter",
            "init.1.minus_quarter", "init.1.plus_half");
    assertFollows(new Uniqueness(), run(new Uniqueness().study(), swapped), swapped);
  }

  private static List<MemberResult> run(Study study, Map<String, String> swapped)
      throws InterruptedException {
    List<MemberResult> results = new ArrayList<>();
    for (Member member : study.members(SMALL, DATA)) {
      if (swapped.containsKey(member.key().series())) {
        results.add(member.run(share -> {}));
      }
    }
    return results;
  }

  private static void assertFollows(
      PaperItem item, List<MemberResult> results, Map<String, String> swapped) {
    List<SlopeFit> own = SlopeFits.of(item, results);
    assertThat(own).noneMatch(fit -> fit.verdict().equals("fails"));
    assertThat(own).anyMatch(fit -> fit.verdict().equals("holds"));
    List<SlopeFit> others =
        SlopeFits.of(item, results.stream().map(result -> renamed(result, swapped)).toList());
    int compared = 0;
    for (PanelSpec panel : item.panels()) {
      for (Curve curve : panel.curves()) {
        Optional<Curve> other =
            panel.curves().stream()
                .filter(c -> c.group().equals(swapped.get(curve.group())))
                .findFirst();
        if (other.isPresent() && differ(curve.prediction(), other.get().prediction())) {
          compared++;
          assertThat(others)
              .filteredOn(f -> f.panel().equals(panel.id()) && f.series().equals(curve.id()))
              .isNotEmpty()
              .noneMatch(fit -> fit.verdict().equals("holds"));
        }
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(4);
  }

  private static boolean differ(Prediction one, Prediction other) {
    return one instanceof Prediction.Exponent
        && other instanceof Prediction.Exponent
        && !one.equals(other);
  }

  private static MemberResult renamed(MemberResult result, Map<String, String> swapped) {
    MemberKey key = result.key();
    String series = swapped.getOrDefault(key.series(), key.series());
    return new MemberResult(
        new MemberKey(series, key.x(), key.trial()),
        result.values(),
        result.finalLoss(),
        result.steps(),
        result.diverged(),
        result.seconds());
  }
}
