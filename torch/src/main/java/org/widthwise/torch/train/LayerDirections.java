package org.widthwise.torch.train;

import java.util.Collections;
import java.util.List;
import org.widthwise.torch.optim.Direction;

/**
 * An update rule for every weight and bias of an MLP, first layer first.
 *
 * @param weights for W_1, …, W_L
 * @param biases for b_1, …, b_L; empty for a network without biases
 */
public record LayerDirections(List<Direction> weights, List<Direction> biases) {

  /**
   * Copies the lists.
   *
   * @param weights for W_1, …, W_L
   * @param biases for b_1, …, b_L, or none
   * @throws IllegalArgumentException if there are neither none nor as many for biases as for
   *     weights
   */
  public LayerDirections {
    weights = List.copyOf(weights);
    biases = List.copyOf(biases);
    if (!biases.isEmpty() && biases.size() != weights.size()) {
      throw new IllegalArgumentException(
          "there must be as many rules for biases as for weights, or none, but got %d for %d"
              .formatted(biases.size(), weights.size()));
    }
  }

  /**
   * The same rule for all.
   *
   * @param direction the rule
   * @param rates what it is to be combined with
   * @return as many as there are rates
   */
  public static LayerDirections same(Direction direction, LayerRates rates) {
    return new LayerDirections(
        Collections.nCopies(rates.weights().size(), direction),
        Collections.nCopies(rates.biases().size(), direction));
  }
}
