package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.orthogonal.Orthogonalization;

/**
 * {@link Scion}'s oracle of the spectral norm, {@code √(fanOut/fanIn)·U·Vᵀ}, each map of a stack by
 * itself; a vector is brought to entries of root mean square 1, as Scion does with biases.
 *
 * @param orthogonalization the way to the polar factor
 * @param epsilon ε, added to the Frobenius norm, finite and not negative
 */
public record ScionSpectral(Orthogonalization orthogonalization, double epsilon)
    implements Direction {

  /** ε of the published code. */
  static final double USUAL_EPSILON = 1e-7;

  /**
   * Checks ε.
   *
   * @param orthogonalization the way to the polar factor
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if it is out of its range
   */
  public ScionSpectral {
    Checks.epsilon("Scion", epsilon);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.SCION_SPECTRAL;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    return Muon.orthogonal(orthogonalization, gradient, epsilon)
        .mul(new Scalar(Maps.fans(gradient).targetSpectralNorm()));
  }

  @Override
  public ScionSpectral inBfloat16() {
    return new ScionSpectral(orthogonalization.inBfloat16(), epsilon);
  }

  @Override
  public ScionSpectral withEpsilon(double newEpsilon) {
    return new ScionSpectral(orthogonalization, newEpsilon);
  }
}
