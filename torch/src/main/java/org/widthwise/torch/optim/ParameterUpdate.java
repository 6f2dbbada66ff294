package org.widthwise.torch.optim;

import java.util.Arrays;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/**
 * An update rule at work on one parameter: its direction, its learning rate and its state. The rate
 * is the last link, {@code ΔW = −η · D}; with that of a plan for the direction's {@linkplain
 * Direction#rule() rule}, updates have the size that Condition 1 asks for.
 */
public final class ParameterUpdate {
  private final Direction direction;
  private final double learningRate;
  private final ParameterState state;

  /**
   * The updates of a parameter, from the first on.
   *
   * @param direction the direction
   * @param learningRate η, finite
   * @param parameter the parameter
   * @throws IllegalArgumentException if η is not finite
   */
  public ParameterUpdate(Direction direction, double learningRate, Tensor parameter) {
    this(direction, learningRate, parameter, ParameterState.initial(direction, parameter));
  }

  /**
   * The updates of a parameter, going on from a state.
   *
   * @param direction the direction
   * @param learningRate η, finite
   * @param parameter the parameter
   * @param state what an earlier {@link #state()} held; changed in place from now on
   * @throws IllegalArgumentException if η is not finite, or the state is that of another rule or
   *     another parameter
   */
  public ParameterUpdate(
      Direction direction, double learningRate, Tensor parameter, ParameterState state) {
    if (!Double.isFinite(learningRate)) {
      throw new IllegalArgumentException(
          "the learning rate of %s must be finite, but is %s"
              .formatted(direction.rule().id(), learningRate));
    }
    this.direction = direction;
    this.learningRate = learningRate;
    this.state = state;
    requireFit(parameter);
  }

  private void requireFit(Tensor parameter) {
    try (PointerScope scope = new PointerScope()) {
      ParameterState expected = ParameterState.initial(direction, parameter);
      Set<String> names = expected.tensors().keySet();
      if (!names.equals(state.tensors().keySet())) {
        throw new IllegalArgumentException(
            "%s keeps a state of %s, but was given %s"
                .formatted(direction, names, state.tensors().keySet()));
      }
      expected.tensors().forEach((name, tensor) -> requireLike(name, state.tensor(name), tensor));
    }
  }

  private static void requireLike(String what, Tensor given, Tensor expected) {
    if (!Arrays.equals(Tensors.shape(given), Tensors.shape(expected))
        || Tensors.type(given) != Tensors.type(expected)) {
      throw new IllegalArgumentException(
          "'%s' must be of type %s and shape %s, but is of %s and %s"
              .formatted(
                  what,
                  Tensors.type(expected),
                  Arrays.toString(Tensors.shape(expected)),
                  Tensors.type(given),
                  Arrays.toString(Tensors.shape(given))));
    }
  }

  /**
   * The next update; the parameter is left for the caller to change.
   *
   * @param gradient the gradient by the parameter, of its shape and type
   * @param parameter the parameter now
   * @return ΔW, to be added; a new tensor that belongs to the scope that is open at the call
   * @throws IllegalArgumentException if the gradient does not fit the parameter
   */
  public Tensor next(Tensor gradient, Tensor parameter) {
    requireLike("gradient", gradient, parameter);
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor update = torch.zeros_like(parameter);
      try (PointerScope scope = new PointerScope()) {
        state.countUpdate();
        Tensor raw = direction.of(gradient.detach(), parameter.detach(), state);
        update.copy_(raw).mul_(new Scalar(-learningRate));
      }
      return update;
    }
  }

  /**
   * The direction, as it was given.
   *
   * @return the direction
   */
  public Direction direction() {
    return direction;
  }

  /**
   * The learning rate, as it was given.
   *
   * @return η
   */
  public double learningRate() {
    return learningRate;
  }

  /**
   * What is remembered, to be looked at or saved.
   *
   * @return the state itself
   */
  public ParameterState state() {
    return state;
  }
}
