package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;

/** The running means that Adam keeps, with their arithmetic. */
final class Moments {

  private static final String MEAN = "mean";
  private static final String SQUARE = "square";

  private Moments() {}

  static Map<String, NDArray> initialState(NDArray gradient) {
    Map<String, NDArray> state = new LinkedHashMap<>();
    state.put(MEAN, gradient.zerosLike());
    state.put(SQUARE, gradient.zerosLike());
    return state;
  }

  /** {@code m̂ / (√v̂ + ε)}, 0 where the denominator is. */
  static NDArray quotient(
      NDArray gradient, ParameterState state, double beta1, double beta2, double epsilon) {
    NDArray mean = state.array(MEAN);
    NDArray square = state.array(SQUARE);
    average(mean, gradient, beta1);
    average(square, gradient.square(), beta2);
    double updates = state.updates();
    double meanWeight = 1 - Math.pow(beta1, updates);
    double squareWeight = 1 - Math.pow(beta2, updates);
    NDArray size = square.sqrt().divi(Math.sqrt(squareWeight)).addi(epsilon);
    return Quotients.of(mean, size).divi(meanWeight);
  }

  /** {@code a ← β·a + (1 − β)·x}. */
  static void average(NDArray running, NDArray value, double beta) {
    running.muli(beta).addi(value.mul(1 - beta));
  }
}
