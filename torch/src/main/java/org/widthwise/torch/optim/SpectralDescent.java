package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;

/**
 * The gradient over its spectral norm, {@code ∇ / (‖∇‖₂ + ε)}: eq. 17, whose remaining factor
 * {@code η·√(fanOut / fanIn)} is the learning rate of a plan.
 *
 * <p>A vector is a matrix of one column, whose spectral norm is its length; a convolution kernel is
 * measured flattened to {@code [fanOut, fanIn * k * k]}. The norm is found afresh at each step, on
 * the CPU: gradients have a low stable rank, so about ten products suffice, which leaves little for
 * a start from the last step's vectors to save.
 *
 * @param epsilon ε, finite and not negative; eq. 17 has none
 */
public record SpectralDescent(double epsilon) implements Direction {

  /**
   * Checks ε.
   *
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if it is out of its range
   */
  public SpectralDescent {
    Checks.epsilon("spectral descent", epsilon);
  }

  /**
   * Eq. 17 as it stands.
   *
   * @return ε = 0
   */
  public static SpectralDescent withDefaults() {
    return new SpectralDescent(0);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.SPECTRAL_DESCENT;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Map.of();
  }

  /**
   * {@inheritDoc}
   *
   * @throws ArithmeticException if the search for the norm did not converge
   */
  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    double length = TensorNorms.frobenius(gradient);
    boolean isSpectralNorm = gradient.dim() < 2 || length == 0 || !Double.isFinite(length);
    double norm =
        isSpectralNorm ? length : TensorNorms.spectral(gradient.reshape(gradient.size(0), -1));
    return Quotients.byNorm(gradient, norm, epsilon);
  }

  @Override
  public SpectralDescent withEpsilon(double newEpsilon) {
    return new SpectralDescent(newEpsilon);
  }
}
