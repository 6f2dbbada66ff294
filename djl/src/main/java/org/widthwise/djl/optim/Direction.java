package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;

/**
 * What an optimizer makes of a gradient before any learning rate: the raw update of a {@code core}
 * {@link UpdateRule}, of which learning rate times direction is the step, {@code ΔW = −η · D}. It
 * is an immutable value; what it remembers of a parameter is in a {@link ParameterState}.
 *
 * <p>Gradients come in matrix view: a vector {@code [n]}, a matrix {@code [fanOut, fanIn]}, or a
 * stack of matrices {@code [maps, fanOut, fanIn]}, of float32 or float64. A gradient of zeros gives
 * a direction of zeros unless the state remembers others.
 *
 * <p>To add an optimizer, implement this in a public record, and annotate it with
 * {@code @AutoService(Direction.class)} if it has a constructor without parameters, so that {@link
 * Directions#named} finds it.
 */
public interface Direction {

  /**
   * The rule of {@code core} that says how large these directions are, and so at which learning
   * rates they are taken.
   *
   * @return the rule
   */
  UpdateRule rule();

  /**
   * The state before the first update.
   *
   * @param gradient an array of the shape and type that the gradients will have
   * @return new arrays by name; empty for a rule without memory
   */
  Map<String, NDArray> initialState(NDArray gradient);

  /**
   * The direction, and the state brought up to date in place. It is called inside an {@link
   * ai.djl.ndarray.NDScope}, which closes whatever arrays are made on the way.
   *
   * @param gradient the gradient of the loss by the parameter; not changed
   * @param state what {@link #initialState} made, counting this update
   * @return an array of the gradient's shape, only to be read: it may be the gradient or part of
   *     the state
   */
  NDArray of(NDArray gradient, ParameterState state);

  /**
   * The same rule with another ε, which a plan scales with width.
   *
   * @param epsilon ε, finite and not negative
   * @return the rule, unchanged if it has no ε
   * @throws IllegalArgumentException if ε is negative or not finite
   */
  Direction withEpsilon(double epsilon);
}
