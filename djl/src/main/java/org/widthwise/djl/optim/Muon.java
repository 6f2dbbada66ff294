package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.spectral.PolarIteration;
import org.widthwise.core.update.MuonRule;
import org.widthwise.core.update.MuonScale;
import org.widthwise.core.update.UpdateRule;

/**
 * Muon (K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024): the
 * momentum, orthogonalised, times the number of a {@linkplain MuonScale convention}.
 *
 * <p>The momentum is an average, {@code m ← μ·m + (1 − μ)·g}, and the look ahead {@code (1 − μ)·g +
 * μ·m}. Each map of a stack is orthogonalised by itself, so of an embedding each row. A vector, and
 * each map of one row or column, is divided by its length, which is what orthogonal means there.
 *
 * @param momentum μ, at least 0 and below 1
 * @param nesterov whether to look ahead
 * @param iteration the polynomials towards the polar factor
 * @param scale the convention
 * @param epsilon ε, added to the Frobenius norm of the momentum, finite and not negative
 */
public record Muon(
    double momentum, boolean nesterov, PolarIteration iteration, MuonScale scale, double epsilon)
    implements Direction {

  private static final String MEAN = "mean";

  /**
   * Checks the numbers.
   *
   * @param momentum μ, at least 0 and below 1
   * @param nesterov whether to look ahead
   * @param iteration the polynomials towards the polar factor
   * @param scale the convention
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if one is out of its range
   */
  public Muon {
    Checks.decay("Muon", "μ", momentum);
    Checks.epsilon("Muon", epsilon);
  }

  /**
   * The author's numbers, but no scale.
   *
   * @return μ = 0.95 with look-ahead, {@link PolarIteration#kellerJordan()}, {@link
   *     MuonScale#UNIT}, ε = 10⁻⁷
   */
  public static Muon withDefaults() {
    return new Muon(0.95, true, PolarIteration.kellerJordan(), MuonScale.UNIT, 1e-7);
  }

  /**
   * The same with another momentum.
   *
   * @param newMomentum μ, at least 0 and below 1
   * @param newNesterov whether to look ahead
   * @return the direction
   * @throws IllegalArgumentException if μ is out of its range
   */
  public Muon withMomentum(double newMomentum, boolean newNesterov) {
    return new Muon(newMomentum, newNesterov, iteration, scale, epsilon);
  }

  /**
   * The same with other polynomials.
   *
   * @param newIteration the polynomials towards the polar factor
   * @return the direction
   */
  public Muon withIteration(PolarIteration newIteration) {
    return new Muon(momentum, nesterov, newIteration, scale, epsilon);
  }

  /**
   * The same in another convention, and so of another rule.
   *
   * @param newScale the convention
   * @return the direction
   */
  public Muon withScale(MuonScale newScale) {
    return new Muon(momentum, nesterov, iteration, newScale, epsilon);
  }

  @Override
  public UpdateRule rule() {
    return new MuonRule(scale);
  }

  @Override
  public Map<String, NDArray> initialState(NDArray gradient) {
    return Map.of(MEAN, gradient.zerosLike());
  }

  @Override
  public NDArray of(NDArray gradient, ParameterState state) {
    NDArray mean = state.array(MEAN);
    Moments.average(mean, gradient, momentum);
    NDArray ahead = nesterov ? gradient.mul(1 - momentum).addi(mean.mul(momentum)) : mean;
    return PolarFactor.of(ahead, iteration, epsilon).muli(scale.factor(fans(gradient.getShape())));
  }

  private static Fans fans(Shape shape) {
    int rank = shape.dimension();
    return rank < 2
        ? new Fans(1, shape.size())
        : new Fans(shape.get(rank - 1), shape.get(rank - 2));
  }

  @Override
  public Muon withEpsilon(double newEpsilon) {
    return new Muon(momentum, nesterov, iteration, scale, newEpsilon);
  }
}
