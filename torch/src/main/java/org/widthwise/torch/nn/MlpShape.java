package org.widthwise.torch.nn;

import java.util.Arrays;
import java.util.List;

/**
 * The shape of a multilayer perceptron: {@code h_1 = W_1 x}, {@code h_l = W_l φ(h_{l-1})} (section
 * 3.2 of the paper), with L weight matrices {@code W_l} of shape {@code [n_l, n_{l-1}]}.
 *
 * @param widths n_0, …, n_L: the input, the hidden layers, the output; at least two, each positive
 * @param activation φ, applied between layers but not after the last
 * @param bias whether each layer adds a bias of shape {@code [n_l]}
 */
public record MlpShape(List<Integer> widths, Activation activation, boolean bias) {
  /**
   * Checks the widths.
   *
   * @param widths n_0, …, n_L
   * @param activation φ
   * @param bias whether each layer adds a bias
   * @throws IllegalArgumentException if there are fewer than two widths, or one is not positive
   */
  public MlpShape {
    widths = List.copyOf(widths);
    if (widths.size() < 2) {
      throw new IllegalArgumentException(
          "an MLP needs at least an input and an output width, but got " + widths);
    }
    for (int width : widths) {
      if (width <= 0) {
        throw new IllegalArgumentException(
            "every width of an MLP must be positive, but got " + width + " in " + widths);
      }
    }
  }

  /**
   * An MLP without biases.
   *
   * @param activation φ
   * @param widths n_0, …, n_L
   * @return the shape
   * @throws IllegalArgumentException if there are fewer than two widths, or one is not positive
   */
  public static MlpShape of(Activation activation, int... widths) {
    return new MlpShape(Arrays.stream(widths).boxed().toList(), activation, false);
  }

  /**
   * The same shape with or without biases.
   *
   * @param biases whether each layer adds a bias
   * @return the shape
   */
  public MlpShape withBias(boolean biases) {
    return new MlpShape(widths, activation, biases);
  }

  /**
   * L, the number of weight matrices.
   *
   * @return the depth, at least 1
   */
  public int depth() {
    return widths.size() - 1;
  }

  /**
   * The fan-in of a layer.
   *
   * @param layer the layer, counted from 0 (the paper's W_1) to depth - 1
   * @return the number of its inputs
   */
  public int fanIn(int layer) {
    return widths.get(layer);
  }

  /**
   * The fan-out of a layer.
   *
   * @param layer the layer, counted from 0 (the paper's W_1) to depth - 1
   * @return the number of its outputs
   */
  public int fanOut(int layer) {
    return widths.get(layer + 1);
  }
}
