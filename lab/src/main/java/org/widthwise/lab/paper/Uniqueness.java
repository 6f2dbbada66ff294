package org.widthwise.lab.paper;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.experiment.Abscissa;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.Exponents;
import org.widthwise.lab.experiment.PanelSpec;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.Prediction;
import org.widthwise.lab.experiment.Study;

/**
 * Section 3.4 and Theorem 1: whichever exponent of Parametrization 1 is shifted, at whichever
 * layer, something grows or vanishes with width. The exponents are those of {@link WidthExponents};
 * after several steps theory still says that a layer whose rate is shifted down moves by as much
 * less, everything else being Θ(1) then.
 *
 * <p>Of a σ that is too small the first step alone is judged: the first updates, of the right size,
 * make up for the missing weights, and later steps are Θ(1) again.
 */
@AutoService(PaperItem.class)
public final class Uniqueness implements PaperItem {

  /**
   * For each layer whose σ is shifted another one whose update shows it: through the features it
   * gets from layer 1, or the gradient it gets from layers 2 and 3.
   */
  private static final List<Integer> ANSWERING = List.of(2, 1, 2);

  /** Found by the service loader. */
  public Uniqueness() {}

  @Override
  public String id() {
    return "uniqueness";
  }

  @Override
  public List<String> aliases() {
    return List.of("theorem1", "theorem-1", "section3.4");
  }

  @Override
  public int place() {
    return 342;
  }

  @Override
  public String title() {
    return "Theorem 1 and section 3.4: no exponent of Parametrization 1 can be shifted";
  }

  @Override
  public String claim() {
    return "A larger exponent of σ or η at any one layer makes updates and their effect on the"
        + " output grow with width; a smaller one of η leaves that layer unlearnt, and one"
        + " of σ the others in the first step.";
  }

  @Override
  public List<String> equations() {
    return List.of(
        "σ_ℓ = Θ(min{1, √(n_ℓ/n_ℓ₋₁)}/√n_ℓ₋₁) · n^δ or η_ℓ = Θ(n_ℓ/n_ℓ₋₁) · n^δ, δ ≠ 0 at one ℓ");
  }

  @Override
  public Study study() {
    return ShiftStudy.INSTANCE;
  }

  @Override
  public List<PanelSpec> panels() {
    List<PanelSpec> panels = new ArrayList<>();
    for (int layer = 1; layer <= Shift.DEPTH; layer++) {
      panels.add(update(Shift.Kind.RATE, layer, layer));
      panels.add(update(Shift.Kind.INIT, layer, ANSWERING.get(layer - 1)));
    }
    for (int layer = 1; layer <= Shift.DEPTH; layer++) {
      panels.add(learnt(layer));
    }
    panels.add(diverged());
    panels.add(effect("effect.plus_half", "grows", Shift.HALF));
    panels.add(effect("effect.minus_half", "vanishes", -Shift.HALF));
    return panels;
  }

  /** The first update of one layer under shifts of σ or η, perhaps at another. */
  private static PanelSpec update(Shift.Kind kind, int shifted, int measured) {
    List<Curve> curves = new ArrayList<>();
    for (double exponent : Shift.EXPONENTS) {
      Shift shift = new Shift(kind, shifted, exponent);
      curves.add(
          curve(
              shift,
              Prediction.quarterExponent(theory(shift).update(measured)),
              Assumptions.name("first.update", measured)));
    }
    String symbol = (kind == Shift.Kind.RATE ? "η" : "σ") + SchemePanels.subscript(shifted);
    return PanelSpec.logLog(
        Assumptions.name(kind.id(), shifted),
        "%s shifted: first update of layer %d".formatted(symbol, measured),
        overTarget("‖ΔWℓ‖₂", measured),
        "section 3.4",
        Abscissa.WIDTH,
        curves);
  }

  /** How far the layer whose rate is shifted has moved in the end; unpredicted for larger rates. */
  private static PanelSpec learnt(int layer) {
    List<Curve> curves = new ArrayList<>();
    for (double exponent : Shift.EXPONENTS) {
      Shift shift = new Shift(Shift.Kind.RATE, layer, exponent);
      Prediction prediction =
          exponent > 0
              ? Prediction.none()
              : Prediction.quarterExponent(theory(shift).update(layer));
      curves.add(curve(shift, prediction, Assumptions.name("last.weight_change", layer)));
    }
    return PanelSpec.logLog(
        Assumptions.name("learnt", layer),
        "η%s shifted: what layer %d learns in all steps"
            .formatted(SchemePanels.subscript(layer), layer),
        overTarget("‖Wℓ − Wℓ⁰‖₂", layer),
        "Theorem 1",
        Abscissa.WIDTH,
        curves);
  }

  /** The part of the change of the output that is made by the layer that shows the shift. */
  private static PanelSpec effect(String id, String verb, double exponent) {
    List<Curve> curves = new ArrayList<>();
    for (Shift.Kind kind : List.of(Shift.Kind.RATE, Shift.Kind.INIT)) {
      for (int layer = 1; layer <= Shift.DEPTH; layer++) {
        Shift shift = new Shift(kind, layer, exponent);
        int measured = kind == Shift.Kind.RATE ? layer : ANSWERING.get(layer - 1);
        curves.add(
            place(
                shift,
                Prediction.exponent(theory(shift).effectOnOutput(measured)),
                Assumptions.name("first.effect", measured)));
      }
    }
    return PanelSpec.logLog(
        id,
        "Shifted by %s: a layer's effect on the output %s".formatted(signed(exponent), verb),
        "E|f(W + ΔWₖ) − f(W)|",
        "section 3.4",
        Abscissa.WIDTH,
        curves);
  }

  private static PanelSpec diverged() {
    List<Curve> curves = new ArrayList<>();
    for (Shift.Kind kind : List.of(Shift.Kind.RATE, Shift.Kind.INIT)) {
      for (int layer = 1; layer <= Shift.DEPTH; layer++) {
        curves.add(place(new Shift(kind, layer, Shift.HALF), Prediction.none(), "diverged"));
      }
    }
    return PanelSpec.logLog(
            "diverged",
            "Shifted by %s: share of runs that diverge".formatted(signed(Shift.HALF)),
            "share",
            "section 3.4",
            Abscissa.WIDTH,
            curves)
        .withLinearValues();
  }

  private static WidthExponents theory(Shift shift) {
    return shift.applyTo(WidthExponents.of(ShiftStudy.spectral()));
  }

  /** A curve named by how far it is shifted. */
  private static Curve curve(Shift shift, Prediction prediction, String value) {
    return Curve.of(shift.amount(), signed(shift.exponent()), prediction, shift.series(), value);
  }

  /** A curve named by where it is shifted. */
  private static Curve place(Shift shift, Prediction prediction, String value) {
    return Curve.of(
        "%s/%d".formatted(shift.kind().id(), shift.layer()),
        (shift.kind() == Shift.Kind.RATE ? "η" : "σ") + SchemePanels.subscript(shift.layer()),
        prediction,
        shift.series(),
        value);
  }

  /** A formula with ℓ and ₖ for a layer and the one below, over what Condition 1 asks for. */
  private static String overTarget(String norm, int layer) {
    return SchemePanels.at(layer, norm + " / √(nℓ/nₖ)");
  }

  private static String signed(double exponent) {
    return (exponent > 0 ? "+" : "") + Exponents.text(exponent);
  }
}
