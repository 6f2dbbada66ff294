package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.update.MuonRule;
import org.widthwise.core.update.MuonScale;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.orthogonal.Orthogonalization;

/**
 * Muon (K. Jordan et al., 2024): the momentum, orthogonalised, times the number of a {@linkplain
 * MuonScale convention}.
 *
 * <p>The momentum is an average, {@code m ← μ·m + (1 − μ)·g}, and Nesterov's look ahead {@code (1 −
 * μ)·g + μ·m}, as in the author's code of 2025 and in PyTorch. His code of 2024 had the sum {@code
 * v ← μ·v + g} and {@code g + μ·v}; as {@code m = (1 − μ)·v}, both give the same direction up to
 * the factor 1 − μ, which orthogonalising takes away but for ε. {@code Chain.of(new Momentum(μ,
 * true), Muon.withDefaults().withMomentum(0, false))} is the latter to the bit.
 *
 * <p>Each map of a stack is orthogonalised by itself. A vector, and each map of one row or column,
 * is divided by its length, which is what orthogonal means there; but a plan had better give
 * biases, gains, embeddings and the readout another rule, as the author does.
 *
 * @param momentum μ, at least 0 and below 1
 * @param nesterov whether to look ahead
 * @param orthogonalization the way to the polar factor
 * @param scale the convention
 * @param epsilon ε, added to the Frobenius norm of the momentum, finite and not negative
 */
public record Muon(
    double momentum,
    boolean nesterov,
    Orthogonalization orthogonalization,
    MuonScale scale,
    double epsilon)
    implements Direction {

  private static final String MEAN = "mean";

  /**
   * Checks the numbers.
   *
   * @param momentum μ, at least 0 and below 1
   * @param nesterov whether to look ahead
   * @param orthogonalization the way to the polar factor
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
   * @return μ = 0.95 with Nesterov's look ahead, {@link Orthogonalization#kellerJordan()}, {@link
   *     MuonScale#UNIT}, ε = 10⁻⁷
   */
  public static Muon withDefaults() {
    return new Muon(0.95, true, Orthogonalization.kellerJordan(), MuonScale.UNIT, 1e-7);
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
    return new Muon(newMomentum, newNesterov, orthogonalization, scale, epsilon);
  }

  /**
   * The same with another way to the polar factor.
   *
   * @param newOrthogonalization the way
   * @return the direction
   */
  public Muon withOrthogonalization(Orthogonalization newOrthogonalization) {
    return new Muon(momentum, nesterov, newOrthogonalization, scale, epsilon);
  }

  /**
   * The same in another convention, and so of another rule.
   *
   * @param newScale the convention
   * @return the direction
   */
  public Muon withScale(MuonScale newScale) {
    return new Muon(momentum, nesterov, orthogonalization, newScale, epsilon);
  }

  @Override
  public UpdateRule rule() {
    return new MuonRule(scale);
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of(MEAN, torch.zeros_like(parameter.detach()));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor mean = state.tensor(MEAN);
    mean.lerp_(gradient, new Scalar(1 - momentum));
    Tensor ahead = nesterov ? gradient.lerp(mean, new Scalar(momentum)) : mean;
    return orthogonal(orthogonalization, ahead, epsilon)
        .mul(new Scalar(scale.factor(Maps.fans(gradient))));
  }

  /** Every map's polar factor, a vector's over its length. */
  static Tensor orthogonal(Orthogonalization orthogonalization, Tensor maps, double epsilon) {
    return Maps.areVectors(maps)
        ? TensorNorms.overNorms(maps, TensorNorms.frobeniusOfMaps(maps), epsilon)
        : orthogonalization.of(maps, epsilon);
  }

  @Override
  public Muon inBfloat16() {
    return withOrthogonalization(orthogonalization.inBfloat16());
  }

  @Override
  public Muon withEpsilon(double newEpsilon) {
    return new Muon(momentum, nesterov, orthogonalization, scale, newEpsilon);
  }
}
