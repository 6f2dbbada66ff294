package org.widthwise.torch.optim;

import java.util.Arrays;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.Tensors;

/**
 * An update rule at work on one parameter: its direction, its learning rate and its state. The rate
 * is the last link, {@code ΔW = −η · D}; with that of a plan for the direction's {@linkplain
 * Direction#rule() rule}, updates have the size that Condition 1 asks for.
 *
 * <p>This is where precisions meet. The gradient and the parameter are raised to the {@linkplain
 * StatePrecision precision of states}, float32 for half precisions, in which the direction computes
 * and remembers, and the update comes in it too: adding it to the parameter rounds once. (No copy
 * of the weights in higher precision is kept: an update below their last digit is lost.) A sparse
 * gradient, as of an embedding, is taken as the dense one that it stands for, so that the averages
 * of rows without a gradient decay and such rows go on moving by them.
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
    this(direction, learningRate, parameter, initialState(direction, parameter));
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
    Maps.require(parameter);
    this.direction = direction;
    this.learningRate = learningRate;
    this.state = state;
    requireFit(parameter);
  }

  private static ParameterState initialState(Direction direction, Tensor parameter) {
    Maps.require(parameter);
    return ParameterState.initial(direction, StatePrecision.raised(parameter));
  }

  private void requireFit(Tensor parameter) {
    try (PointerScope scope = new PointerScope()) {
      ParameterState expected = initialState(direction, parameter);
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
      throw misfit(what, given, Tensors.type(expected), expected);
    }
  }

  private static IllegalArgumentException misfit(
      String what, Tensor given, ScalarType type, Tensor expected) {
    return new IllegalArgumentException(
        "'%s' must be of type %s and shape %s, but is of %s and %s"
            .formatted(
                what,
                type,
                Arrays.toString(Tensors.shape(expected)),
                Tensors.type(given),
                Arrays.toString(Tensors.shape(given))));
  }

  /**
   * The next update; the parameter is left for the caller to change.
   *
   * @param gradient the gradient by the parameter, dense or sparse, of its shape, and of its type
   *     or the precision of states
   * @param parameter the parameter now
   * @return ΔW, to be added, in the precision of states; a new tensor that belongs to the scope
   *     that is open at the call
   * @throws IllegalArgumentException if the gradient does not fit the parameter
   */
  public Tensor next(Tensor gradient, Tensor parameter) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor update = torch.empty_like(StatePrecision.raised(parameter.detach()));
      try (PointerScope scope = new PointerScope()) {
        update.copy_(raw(gradient, parameter)).mul_(new Scalar(-learningRate));
      }
      return update;
    }
  }

  /**
   * The next direction, for a caller who has a use for it that spares a pass over the tensor, such
   * as {@code parameter.add_(raw, −η)}.
   *
   * @param gradient as of {@link #next}
   * @param parameter the parameter now
   * @return D, of which {@code −η · D} is the update; only to be read, since it may be the gradient
   *     or part of the state; what is new belongs to the scope that is open at the call, as do
   *     tensors that were needed on the way
   * @throws IllegalArgumentException if the gradient does not fit the parameter
   */
  public Tensor raw(Tensor gradient, Tensor parameter) {
    ScalarType precision = StatePrecision.of(parameter);
    if (!gradient.is_same_size(parameter)
        || (Tensors.type(gradient) != Tensors.type(parameter)
            && Tensors.type(gradient) != precision)) {
      throw misfit("gradient", gradient, Tensors.type(parameter), parameter);
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      state.countUpdate();
      Tensor plain = gradient.detach();
      Tensor dense = plain.is_sparse() ? plain.to_dense() : plain;
      return direction.of(dense.to(precision), StatePrecision.raised(parameter.detach()), state);
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
