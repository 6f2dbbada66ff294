package org.widthwise.torch.optim;

import org.widthwise.torch.orthogonal.Orthogonalization;

/**
 * Scion (T. Pethick et al., "Training deep learning models with norm-constrained LMOs", ICML 2025):
 * averaged gradients, and of them the point where they are largest on a unit ball, the linear
 * minimisation oracle of the norm that suits the layer. The ball is that of RMS norms on both
 * sides, so every raw update has the size that Condition 1 asks for and every rate factor is 1.
 *
 * <table>
 *   <caption>Norms</caption>
 *   <tr><th>direction</th><th>each map goes to</th><th>for</th></tr>
 *   <tr><td>{@link #spectral}</td><td>√(o/i)·U·Vᵀ</td><td>matrices between features</td></tr>
 *   <tr><td>{@link #sign}</td><td>signs over i</td><td>readouts</td></tr>
 *   <tr><td>{@link #column}</td><td>columns of length √o over i</td>
 *       <td>embeddings and one-hot inputs</td></tr>
 * </table>
 *
 * <p>Scion then steps inside a ball of radius ρ, {@code W ← (1 − γ)·W − γ·ρ·D}. That is decoupled
 * weight decay with its product of rate and decay held at γ: a plan of learning rate γ·ρ and weight
 * decay 1/ρ, of the convention that keeps decay times rate ("independent") or the decay itself
 * ("fixed"; for rate factors of 1 they are the same), under a schedule on the rate, which here is
 * on γ. Without decay it is the authors' "unconstrained" form. A radius per group of parameters is
 * a prefactor of its rate.
 */
public final class Scion {

  private Scion() {}

  /**
   * Over the spectral norm, orthogonalised by K. Jordan's iteration with ε = 10⁻⁷, as published.
   *
   * @param averaging α, the weight of the new gradient, above 0 and at most 1
   * @return the direction
   * @throws IllegalArgumentException if α is out of its range
   */
  public static Chain spectral(double averaging) {
    return Chain.of(
        new Averaging(averaging),
        new ScionSpectral(Orthogonalization.kellerJordan(), ScionSpectral.USUAL_EPSILON));
  }

  /**
   * Over the largest entry.
   *
   * @param averaging α, the weight of the new gradient, above 0 and at most 1
   * @return the direction
   * @throws IllegalArgumentException if α is out of its range
   */
  public static Chain sign(double averaging) {
    return Chain.of(new Averaging(averaging), new ScionSign());
  }

  /**
   * Over the largest column.
   *
   * @param averaging α, the weight of the new gradient, above 0 and at most 1
   * @return the direction
   * @throws IllegalArgumentException if α is out of its range
   */
  public static Chain column(double averaging) {
    return Chain.of(new Averaging(averaging), new ScionColumn(ScionColumn.USUAL_EPSILON));
  }
}
