package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;

/**
 * What an optimizer makes of a gradient before any learning rate: the raw update of a {@code core}
 * {@link UpdateRule}, of which learning rate times direction is the step, {@code ΔW = −η · D}. It
 * is an immutable value; what it remembers of a parameter is in a {@link ParameterState}.
 *
 * <p>Gradient and parameter come in matrix view: a vector {@code [n]}, a matrix {@code [fanOut,
 * fanIn]} or a stack {@code [maps, fanOut, fanIn]}, each map of which is a matrix by itself. A
 * gradient of zeros gives a direction of zeros unless the state remembers others. A NaN never
 * becomes a number: it is in the direction at least where it is in the gradient, and rules that
 * look at a whole map give a whole map of NaN; those with a memory keep it there.
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
   * The state before the first update. The tensors belong to the scope that is open at the call.
   *
   * @param parameter the parameter in matrix view, in the {@linkplain StatePrecision precision of
   *     states}
   * @return tensors of the parameter's type by name, or of float64 where a rule needs it; empty for
   *     a rule without memory
   * @throws IllegalArgumentException if the rule looks at maps, and the parameter is in no matrix
   *     view
   */
  Map<String, Tensor> initialState(Tensor parameter);

  /**
   * The direction, and the state brought up to date in place. To be called outside autograd.
   *
   * @param gradient the gradient of the loss by the parameter, of its shape and type; not changed
   * @param parameter the parameter before the update; not changed
   * @param state what {@link #initialState} made, counting this update
   * @return a tensor of the parameter's shape and floating type, only to be read: it may be the
   *     gradient or part of the state
   */
  Tensor of(Tensor gradient, Tensor parameter, ParameterState state);

  /**
   * The same rule with another ε, which a plan scales with width.
   *
   * @param epsilon ε, finite and not negative
   * @return the rule, unchanged if it has no ε
   * @throws IllegalArgumentException if ε is negative or not finite
   */
  Direction withEpsilon(double epsilon);

  /**
   * The same rule with its orthogonalisation, if it has one, in bfloat16: the same to some percent,
   * and faster on devices and processors with instructions for it.
   *
   * @return the rule, unchanged if it does not orthogonalise by an iteration
   */
  default Direction inBfloat16() {
    return this;
  }
}
