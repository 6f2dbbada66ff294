package org.widthwise.torch.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.torch.nn.Mlp;

/**
 * A learning rate for every weight and bias of an MLP, first layer first.
 *
 * @param weights η of W_1, …, W_L, each finite
 * @param biases η of b_1, …, b_L, each finite; empty for a network without biases
 */
public record LayerRates(List<Double> weights, List<Double> biases) {
  /**
   * Copies and checks the rates.
   *
   * @param weights η of W_1, …, W_L
   * @param biases η of b_1, …, b_L, or none
   * @throws IllegalArgumentException if a rate is not finite, or the numbers of rates do not fit
   */
  public LayerRates {
    weights = List.copyOf(weights);
    biases = List.copyOf(biases);
    if (!biases.isEmpty() && biases.size() != weights.size()) {
      throw new IllegalArgumentException(
          "there must be as many rates for biases as for weights, or none, but got "
              + biases.size()
              + " for "
              + weights.size());
    }
    weights.forEach(rate -> requireFinite("weight", rate));
    biases.forEach(rate -> requireFinite("bias", rate));
  }

  /**
   * Rates for a network without biases.
   *
   * @param weights η of W_1, …, W_L
   * @return the rates
   */
  public static LayerRates of(double... weights) {
    return of(weights, new double[0]);
  }

  /**
   * Rates for a network with biases.
   *
   * @param weights η of W_1, …, W_L
   * @param biases η of b_1, …, b_L
   * @return the rates
   */
  public static LayerRates of(double[] weights, double[] biases) {
    return new LayerRates(
        Arrays.stream(weights).boxed().toList(), Arrays.stream(biases).boxed().toList());
  }

  /**
   * These rates by the parameter names of {@link Mlp}.
   *
   * @return the rates by name
   */
  public Map<String, Double> byParameterName() {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (int layer = 0; layer < weights.size(); layer++) {
      rates.put(Mlp.weightName(layer), weights.get(layer));
      if (!biases.isEmpty()) {
        rates.put(Mlp.biasName(layer), biases.get(layer));
      }
    }
    return Collections.unmodifiableMap(rates);
  }

  /**
   * Checks that there is a rate for each parameter.
   *
   * @throws IllegalArgumentException if not
   */
  void requireFit(MlpWeights network) {
    if (weights.size() != network.depth()
        || biases.size() != (network.hasBias() ? network.depth() : 0)) {
      throw new IllegalArgumentException(
          "a network of "
              + network.depth()
              + " layers "
              + (network.hasBias() ? "with" : "without")
              + " biases needs a rate for each, but got "
              + this);
    }
  }

  private static void requireFinite(String kind, double rate) {
    if (!Double.isFinite(rate)) {
      throw new IllegalArgumentException(
          "the learning rate of every " + kind + " must be finite, but one is " + rate);
    }
  }
}
