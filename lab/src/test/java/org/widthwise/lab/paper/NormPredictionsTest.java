package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;

/** What the items on norms predict, against the paper's own entries written out. */
final class NormPredictionsTest {

  /** Table 1 for n × n, 1 × n, √n × n and n × √n. */
  private static final Map<String, double[]> TABLE =
      Map.of(
          "weights_stable_rank", new double[] {1, 0, 0.5, 0.5},
          "updates_stable_rank", new double[] {0, 0, 0, 0},
          "weights_spectral", new double[] {0, -0.5, -0.25, 0.25},
          "updates_spectral", new double[] {0, -0.5, -0.25, 0.25},
          "weights_frobenius", new double[] {0.5, -0.5, 0, 0.5},
          "updates_frobenius", new double[] {0, -0.5, -0.25, 0.25},
          "weights_rms_entry", new double[] {-0.5, -1, -0.75, -0.25},
          "updates_rms_entry", new double[] {-1, -1, -1, -0.5});

  @Test
  void table1PredictsItsEntries() {
    List<PanelSpec> panels = new Table1().panels();
    assertThat(panels)
        .extracting(PanelSpec::id)
        .containsExactlyInAnyOrderElementsOf(TABLE.keySet());
    for (PanelSpec panel : panels) {
      double[] exponents = Objects.requireNonNull(TABLE.get(panel.id()));
      assertThat(panel.curves())
          .extracting(Curve::label)
          .containsExactly("n × n", "1 × n", "√n × n", "n × √n");
      for (int curve = 0; curve < 4; curve++) {
        assertThat(panel.curves().get(curve).prediction())
            .as(panel.id())
            .isEqualTo(Prediction.quarterExponent(exponents[curve]));
      }
    }
  }

  private static List<Prediction> predictions(PaperItem item, String panel) {
    return item.panels().stream()
        .filter(p -> p.id().equals(panel))
        .flatMap(p -> p.curves().stream())
        .map(Curve::prediction)
        .toList();
  }

  @Test
  void claim1IsConstantUnlessFanOutIsLess() {
    Prediction one = Prediction.within(1 - 1e-5, 1 + 1e-5);
    Prediction falling = Prediction.exponent(-0.5);
    assertThat(predictions(new Claim1(), "gaussian"))
        .containsExactly(Prediction.flat(), Prediction.flat(), falling);
    assertThat(predictions(new Claim1(), "orthogonal")).containsExactly(one, one, falling);
  }

  @Test
  void claim2IsAnEquality() {
    Prediction one = Prediction.within(1 - 1e-9, 1 + 1e-9);
    assertThat(new Claim2().panels()).hasSize(4);
    for (PanelSpec panel : new Claim2().panels()) {
      assertThat(panel.curves()).hasSize(6);
      assertThat(panel.curves().subList(0, 3)).allMatch(curve -> curve.prediction().equals(one));
    }
  }

  @Test
  void lemma1IsFlatForEveryRule() {
    assertThat(new Lemma1().panels()).hasSize(3);
    for (PanelSpec panel : new Lemma1().panels()) {
      assertThat(panel.curves()).extracting(Curve::id).containsExactly("sgd", "adam", "sign");
      assertThat(panel.curves()).allMatch(curve -> curve.prediction().equals(Prediction.flat()));
    }
  }

  @Test
  void proposition1IsARootForMatricesAndOneForVectors() {
    Prediction one = Prediction.within(1 - 1e-5, 1 + 1e-5);
    assertThat(predictions(new Proposition1(), "matrix"))
        .hasSize(5)
        .containsOnly(Prediction.exponent(0.5));
    assertThat(predictions(new Proposition1(), "column")).hasSize(5).containsOnly(one);
    assertThat(predictions(new Proposition1(), "row")).hasSize(5).containsOnly(one);
  }
}
