package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Appendix E: Condition 2 and Desideratum 2 for one-hot inputs.
 *
 * <p>Against width everything is Θ(1) in natural norms. That n₀ must be replaced by 1, which is a
 * constant there, shows against the vocabulary V, which is below n. A token's features are a column
 * of W₁, of RMS σ and moved by the rate under Adam. With n₀ = 1 both are Θ(1); with n₀ = V they are
 * 1/√V and 1/V. Judged by the singular values that a dense input would answer to, what is right
 * seems to grow: a Gaussian matrix of σ = 1 has ‖W₁‖₂ ≈ √n + √V, times √(V/n) about √V, and an
 * update whose columns are aligned, of entries of one size, has ‖ΔW₁‖₂ = Θ(√(nV)), times √(V/n) V.
 */
@AutoService(PaperItem.class)
public final class Embeddings implements PaperItem {

  private static final int HIDDEN_LAYERS = 2;
  private static final int LAYERS = 3;

  /** Found by the service loader. */
  public Embeddings() {}

  @Override
  public String id() {
    return "embeddings";
  }

  @Override
  public List<String> aliases() {
    return List.of("appendixe", "appendix-e", "condition2", "desideratum2");
  }

  @Override
  public int place() {
    return 1410;
  }

  @Override
  public String title() {
    return "Appendix E: with one-hot inputs, natural norms are Θ(1) where n₀ is replaced by 1";
  }

  @Override
  public String claim() {
    return "Weights, updates, features and their changes stay of one size in natural norms at every"
        + " width and vocabulary; a plan that takes the vocabulary for a fan-in shrinks them.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "(28) dense: ‖v‖₂/√m; (29) sparse: ‖v‖₂",
        "(Condition 2) natural spectral norms of W_ℓ and ΔW_ℓ are Θ(1)",
        "(definition 3) one-hot inputs: largest column norm / √n₁");
  }

  @Override
  public Study study() {
    return EmbeddingStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    return List.of(
        width("weights", "Weights at initialisation", "‖W‖ (natural)", "start.weight", LAYERS),
        width("updates", "Updates, the first step", "‖ΔW‖ (natural)", "first.update", LAYERS),
        width("last_updates", "Updates, the last step", "‖ΔW‖ (natural)", "last.update", LAYERS),
        width("features", "Features", "E‖h‖₂ / √n", "last.features", HIDDEN_LAYERS),
        width(
            "changes",
            "Changes of features, the first step",
            "E‖Δh‖₂ / √n",
            "first.change",
            HIDDEN_LAYERS),
        vocabulary("table", "Table at initialisation", "‖W₁‖ (natural)", "start.weight", -0.5, 0.5),
        vocabulary(
            "table_update", "Table, the first update", "‖ΔW₁‖ (natural)", "first.update", -1, 1),
        PanelSpec.logLog(
            "table_change",
            "Changes of features, the first step",
            "E‖Δh₁‖₂ / √n",
            "Desideratum 2",
            Abscissa.VOCABULARY,
            List.of(sparse("first.change.1"), dense(-1, "first.change.1"))));
  }

  private static PanelSpec width(
      String id, String title, String quantity, String value, int layers) {
    List<Curve> curves = new ArrayList<>();
    for (int layer = 1; layer <= layers; layer++) {
      curves.add(
          Curve.of(
              "layer/" + layer,
              layer == 1 ? "embedding" : "layer " + layer,
              Prediction.flat(),
              EmbeddingStudy.WIDTH,
              Assumptions.name(value, layer)));
    }
    return PanelSpec.logLog(
        id,
        title,
        quantity,
        layers == LAYERS ? "Condition 2" : "Desideratum 2",
        Abscissa.WIDTH,
        curves);
  }

  private static PanelSpec vocabulary(
      String id, String title, String quantity, String value, double dense, double misjudged) {
    return PanelSpec.logLog(
        id,
        title,
        quantity,
        "Condition 2",
        Abscissa.VOCABULARY,
        List.of(
            sparse(value + ".1"),
            dense(dense, value + ".1"),
            Curve.of(
                "sparse/as_dense",
                "n₀ = 1, judged by √(V/n)‖·‖₂",
                Prediction.exponent(misjudged),
                EmbeddingStudy.SPARSE,
                value + ".as_dense")));
  }

  private static Curve sparse(String value) {
    return Curve.of("sparse", "n₀ = 1", Prediction.flat(), EmbeddingStudy.SPARSE, value);
  }

  private static Curve dense(double exponent, String value) {
    return Curve.of("dense", "n₀ = V", Prediction.exponent(exponent), EmbeddingStudy.DENSE, value);
  }
}
