package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/**
 * Muon (K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024):
 * momentum, whose matrix is then orthogonalised by a few Newton–Schulz steps, so that all its
 * singular values come near 1.
 *
 * <p>Each matrix of a stack is orthogonalised by itself, so of an embedding each row. A vector is a
 * matrix of one column, whose orthogonalisation is exact: it is divided by its length.
 *
 * @param momentum μ, at least 0 and below 1
 * @param nesterov whether the momentum looks ahead, {@code g + μ·v}
 * @param steps the number of Newton–Schulz steps, at least 1
 * @param epsilon ε, added to the Frobenius norm by which a matrix is first divided
 */
public record Muon(double momentum, boolean nesterov, int steps, double epsilon)
    implements Direction {

  /**
   * Checks the coefficients.
   *
   * @param momentum μ, at least 0 and below 1
   * @param nesterov whether to look ahead
   * @param steps the number of Newton–Schulz steps, at least 1
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if one is out of its range
   */
  public Muon {
    Checks.decay("Muon", "μ", momentum);
    Checks.epsilon("Muon", epsilon);
    if (steps < 1) {
      throw new IllegalArgumentException(
          "Muon needs at least 1 Newton–Schulz step, but was given " + steps);
    }
  }

  /**
   * The author's coefficients.
   *
   * @return μ = 0.95 with look-ahead, 5 steps, ε = 10⁻⁷
   */
  public static Muon withDefaults() {
    return new Muon(0.95, true, 5, 1e-7);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.MUON;
  }

  @Override
  public Map<String, NDArray> initialState(NDArray gradient) {
    return inertia().initialState(gradient);
  }

  @Override
  public NDArray of(NDArray gradient, ParameterState state) {
    NDArray moving = inertia().of(gradient, state);
    return moving.getShape().dimension() < 2
        ? Quotients.of(moving, moving.square().sum().sqrt().addi(epsilon))
        : NewtonSchulz.orthogonalize(moving, steps, epsilon);
  }

  @Override
  public Muon withEpsilon(double newEpsilon) {
    return new Muon(momentum, nesterov, steps, newEpsilon);
  }

  private Momentum inertia() {
    return new Momentum(momentum, nesterov);
  }
}
