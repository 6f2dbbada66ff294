package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.MlpParameters;

/**
 * The exponents of width of a perceptron's first step, from those of its initial standard
 * deviations and learning rates: the arguments of sections 3.2 and 4 without their premise that
 * Condition 1 holds. Layers are counted from 1; all hidden layers have width n, input and output
 * Θ(1); the targets are such that the first error is Θ(1).
 *
 * <p>All sizes are root mean squares of entries or spectral norms, and rest on three rules. At
 * initialisation a matrix acts on a vector that it is independent of, so that a sum over k terms
 * grows as √k, forward and backward. A gradient is a sum of B = Θ(1) outer products, so that its
 * spectral norm is a product of lengths. What an update adds is aligned: with the features of its
 * layer, whence ‖ΔW h‖₂ = Θ(‖ΔW‖₂‖h‖₂), and through the backward pass with all weights above,
 * whence ‖W Δh‖₂ = Θ(‖W‖₂‖Δh‖₂). Of several terms the largest exponent counts.
 *
 * @param init the exponents of σ_1, …, σ_L
 * @param rates the exponents of η_1, …, η_L
 * @param rule what the learning rates multiply
 */
record WidthExponents(List<Double> init, List<Double> rates, UpdateRule rule) {

  /** Two widths so large that {@code min} and the like have decided. */
  private static final int WIDE = 1 << 29;

  private static final int TWICE = 1 << 30;

  /** The exponents of the paper's schemes and of what is made of them here are multiples of ¼. */
  private static final double PER_UNIT = 4;

  private static final double ROOT = 0.5;

  WidthExponents {
    init = List.copyOf(init);
    rates = List.copyOf(rates);
    if (init.size() != rates.size()) {
      throw new IllegalArgumentException(
          "each layer has an exponent of σ and one of η, but there are %d and %d"
              .formatted(init.size(), rates.size()));
    }
  }

  /** The exponents of a recipe for a perceptron of three layers, read off its scales. */
  static WidthExponents of(Recipe recipe) {
    List<Scale> wide = scales(recipe, WIDE);
    List<Scale> twice = scales(recipe, TWICE);
    List<Double> init = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (int layer = 0; layer < wide.size(); layer++) {
      init.add(exponent(wide.get(layer).initStd(), twice.get(layer).initStd()));
      rates.add(exponent(wide.get(layer).learningRate(), twice.get(layer).learningRate()));
    }
    return new WidthExponents(init, rates, recipe.updateRule());
  }

  private static List<Scale> scales(Recipe recipe, int width) {
    Plan plan = recipe.plan(MlpParameters.of(MlpShape.of(Activation.RELU, 1, width, width, 1)));
    return plan.parameters().stream().map(parameter -> parameter.scale()).toList();
  }

  private static double exponent(double wide, double twice) {
    return Math.rint(PER_UNIT * Math.log(twice / wide) / Math.log(2)) / PER_UNIT;
  }

  /** The same with another exponent of σ at one layer. */
  WidthExponents withInitShifted(int layer, double by) {
    return new WidthExponents(shifted(init, layer, by), rates, rule);
  }

  /** The same with another exponent of η at one layer. */
  WidthExponents withRateShifted(int layer, double by) {
    return new WidthExponents(init, shifted(rates, layer, by), rule);
  }

  private static List<Double> shifted(List<Double> exponents, int layer, double by) {
    List<Double> shifted = new ArrayList<>(exponents);
    shifted.set(layer - 1, exponents.get(layer - 1) + by);
    return shifted;
  }

  int depth() {
    return init.size();
  }

  /** Of ‖W_ℓ‖₂ over its target, at initialisation: ‖W‖₂ ≈ σ(√n_out + √n_in). */
  double weight(int layer) {
    return init(layer) + ROOT * Math.max(fanOut(layer), fanIn(layer)) - target(layer);
  }

  /** Of ‖h_ℓ‖₂ over √n_ℓ, at initialisation; 0 for the input. */
  double feature(int layer) {
    return layer == 0 ? 0 : feature(layer - 1) + init(layer) + ROOT * fanIn(layer);
  }

  /** Of ‖ΔW_ℓ‖₂ over its target. */
  double update(int layer) {
    return rates.get(layer - 1) + raw(layer) - target(layer);
  }

  /**
   * Of ‖Δh_ℓ‖₂ over √n_ℓ: the layer's own update or the change that comes from below; 0 for no
   * layer.
   */
  double featureChange(int layer) {
    double own = update(layer) + feature(layer - 1);
    return layer == 1 ? own : Math.max(own, weight(layer) + featureChange(layer - 1));
  }

  /** Of the change of the output that the update of one layer makes alone. */
  double effectOnOutput(int layer) {
    double change = update(layer) + feature(layer - 1);
    for (int above = layer + 1; above <= depth(); above++) {
      change += weight(above);
    }
    return change;
  }

  /** Whether weights, updates or changes grow with width anywhere. */
  boolean blowsUp() {
    for (int layer = 1; layer <= depth(); layer++) {
      if (update(layer) > 0 || featureChange(layer) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Of the spectral norm of what the rate multiplies: a power of the gradient's, of the weight's
   * Frobenius norm, or where it is made of neither what the rule says.
   */
  private double raw(int layer) {
    if (rule.gradientDegree() == 0 && rule.weightDegree() == 0) {
      return exponent(
          rule.rawSpectralNorm(fans(layer, WIDE)), rule.rawSpectralNorm(fans(layer, TWICE)));
    }
    double frobenius = init(layer) + ROOT * (fanOut(layer) + fanIn(layer));
    return rule.gradientDegree() * gradient(layer) + rule.weightDegree() * frobenius;
  }

  /** Of the gradient's spectral norm, which for so low a rank is its Frobenius norm. */
  private double gradient(int layer) {
    double backward = backward(layer) + ROOT * fanOut(layer);
    double forward = feature(layer - 1) + ROOT * fanIn(layer);
    return backward + forward;
  }

  /** Of the entries of the gradient by h_ℓ. */
  private double backward(int layer) {
    return layer == depth() ? 0 : backward(layer + 1) + init(layer + 1) + ROOT * fanOut(layer + 1);
  }

  private double init(int layer) {
    return init.get(layer - 1);
  }

  private double target(int layer) {
    return ROOT * (fanOut(layer) - fanIn(layer));
  }

  private int fanIn(int layer) {
    return layer == 1 ? 0 : 1;
  }

  private int fanOut(int layer) {
    return layer == depth() ? 0 : 1;
  }

  private Fans fans(int layer, long width) {
    return new Fans(fanIn(layer) == 0 ? 1 : width, fanOut(layer) == 0 ? 1 : width);
  }
}
