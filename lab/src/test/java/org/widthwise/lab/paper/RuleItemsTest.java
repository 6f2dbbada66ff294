package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberResult;

/** Sections 3.3 and 5.3 and appendices D and E, on networks that are small and few. */
final class RuleItemsTest {

  private static final ImageDataset DATA = StandIn.generate(1200, 7);

  static List<PaperItem> items() {
    return List.of(new NtpToMup(), new Adaptive(), new Biases(), new Embeddings());
  }

  /** The first members of each series, at a small width. */
  private static List<MemberResult> run(PaperItem item) throws InterruptedException {
    Settings quick = item.study().settings(Preset.QUICK);
    Settings tiny =
        quick.withWidths(List.of(32L)).withTrials(1).withSteps(Math.min(20, quick.steps()));
    List<MemberResult> results = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (Member member : item.study().members(tiny, DATA)) {
      if (seen.add(member.key().series())) {
        results.add(member.run(share -> {}));
      }
    }
    return results;
  }

  @ParameterizedTest
  @MethodSource("items")
  void everyCurveFindsItsValues(PaperItem item) throws InterruptedException {
    List<MemberResult> results = run(item);
    for (PanelSpec panel : item.panels()) {
      for (Curve curve : panel.curves()) {
        List<Double> values =
            results.stream()
                .filter(result -> result.key().series().equals(curve.group()))
                .flatMap(result -> curve.reading().apply(result).values().stream())
                .toList();
        assertThat(values)
            .as(item.id() + " " + panel.id() + " " + curve.id())
            .isNotEmpty()
            .allSatisfy(value -> assertThat(value).isFinite().isNotNegative());
      }
    }
  }

  @Test
  void ntpRescaledIsMupAndNotWithoutBothFactors() throws InterruptedException {
    MemberResult result =
        run(new NtpToMup()).stream()
            .filter(member -> member.values().containsKey("loss." + RescaleMember.NEITHER))
            .findFirst()
            .orElseThrow();
    for (String quantity : List.of("loss", "outputs", "hidden")) {
      assertThat(result.values().get(quantity + "." + RescaleMember.BOTH)).isLessThan(1e-10);
      assertThat(result.values().get(quantity + "." + RescaleMember.OUTPUT)).isGreaterThan(1e-3);
      assertThat(result.values().get(quantity + "." + RescaleMember.NEITHER)).isGreaterThan(1e-3);
    }
  }

  /** Adam at gradient descent's rates: n too large at two layers, right at one output. */
  @Test
  void adamAtTheWrongRatesIsPredictedToBreakTheCondition() {
    assertThat(
            new Adaptive()
                .panels().stream()
                    .filter(panel -> panel.id().startsWith("first_"))
                    .collect(
                        Collectors.toMap(
                            PanelSpec::id,
                            panel ->
                                panel.curves().stream()
                                    .filter(curve -> curve.id().equals("adam/sgd_rates"))
                                    .map(Curve::prediction)
                                    .findFirst()
                                    .orElseThrow())))
        .containsEntry("first_input", Prediction.exponent(1))
        .containsEntry("first_hidden", Prediction.exponent(1))
        .containsEntry("first_readout", Prediction.exponent(0))
        .hasSize(3);
  }

  /** Appendix D: η_b = Θ(n) under gradient descent; at the weights' own Θ(1) biases stand still. */
  @Test
  void biasesAtTheWeightsRateArePredictedToStandStill() {
    List<PanelSpec> first =
        new Biases().panels().stream().filter(panel -> panel.id().equals("sgd_first")).toList();
    assertThat(first).hasSize(1);
    for (Curve curve : first.get(0).curves()) {
      assertThat(curve.prediction())
          .isEqualTo(Prediction.exponent(curve.id().startsWith("sgd-global") ? -1 : 0));
    }
  }
}
