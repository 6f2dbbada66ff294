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
 * Appendix D: a bias is a matrix with fan-in 1.
 *
 * <p>The gradient by a hidden layer's bias sums the gradients by its features, whose entries are
 * Θ(1/n): ‖∇_b‖₂/√n = Θ(1/n). So η_b = Θ(n) moves the bias by Θ(1) an entry, and η_b = Θ(1), that
 * of the hidden weights, by Θ(1/n). Under Adam entries move by η_b whatever the gradient, so η_b =
 * Θ(1) is right. The output's bias is a single number at every width and not looked at.
 */
@AutoService(PaperItem.class)
public final class Biases implements PaperItem {

  private static final int HIDDEN_LAYERS = 2;

  /** Found by the service loader. */
  public Biases() {}

  @Override
  public String id() {
    return "biases";
  }

  @Override
  public List<String> aliases() {
    return List.of("appendixd", "appendix-d");
  }

  @Override
  public int place() {
    return 1310;
  }

  @Override
  public String title() {
    return "Appendix D: biases and their updates are of size √n at σ = Θ(1), η = Θ(n)";
  }

  @Override
  public String claim() {
    return "Treated as matrices with fan-in 1, biases keep learning at every width; at the hidden"
        + " weights' rate they stop as 1/n under gradient descent.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "(appendix D) ‖b_ℓ‖₂ = Θ(√n_ℓ), ‖Δb_ℓ‖₂ = Θ(√n_ℓ)",
        "(appendix D) σ_b = Θ(1), η_b = Θ(n_ℓ) under gradient descent; η_b = Θ(1) under Adam");
  }

  @Override
  public Study study() {
    return BiasStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    List<Curve> trained = new ArrayList<>(curves("sgd", "SGD, η ∝ n", 0, "end"));
    trained.addAll(curves("adam", "Adam, η ∝ 1", 0, "end"));
    return List.of(
        biases("start", "Biases at initialisation", curves("sgd", "SGD, η ∝ n", 0, "start")),
        biases("end", "Biases after the last step", trained),
        gradientDescent("first", "Gradient descent, the first step"),
        gradientDescent("last", "Gradient descent, the last step"),
        updates("adam_first", "Adam, the first step", curves("adam", "Adam, η ∝ 1", 0, "first")),
        updates("adam_last", "Adam, the last step", curves("adam", "Adam, η ∝ 1", 0, "last")));
  }

  private static PanelSpec biases(String id, String title, List<Curve> curves) {
    return PanelSpec.logLog(id, title, "‖b‖₂ / √n", "appendix D", Abscissa.WIDTH, curves);
  }

  private static PanelSpec gradientDescent(String time, String title) {
    List<Curve> curves = new ArrayList<>(curves("sgd", "SGD, η ∝ n", 0, time));
    curves.addAll(curves(BiasStudy.GLOBAL, "SGD, η ∝ 1", -1, time));
    return updates("sgd_" + time, title, curves);
  }

  private static PanelSpec updates(String id, String title, List<Curve> curves) {
    return PanelSpec.logLog(id, title, "‖Δb‖₂ / √n", "appendix D", Abscissa.WIDTH, curves);
  }

  private static List<Curve> curves(String series, String name, double exponent, String time) {
    List<Curve> curves = new ArrayList<>();
    for (int layer = 1; layer <= HIDDEN_LAYERS; layer++) {
      curves.add(
          Curve.of(
              series + "/" + layer,
              "%s, layer %d".formatted(name, layer),
              Prediction.exponent(exponent),
              series,
              Assumptions.name(time + ".bias", layer)));
    }
    return curves;
  }
}
