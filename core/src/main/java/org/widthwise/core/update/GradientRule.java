package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * Gradient descent, with momentum or without: momentum sums aligned gradients and so changes the
 * size by a constant, 1/(1 − β).
 *
 * <p>The gradient has ‖∇‖₂ = Θ(√(fan-in / fan-out)) (eq. 20).
 *
 * @param id the name
 */
public record GradientRule(String id) implements UpdateRule {

  @Override
  public double rawSpectralNorm(Fans fans) {
    return GradientSize.spectral(fans);
  }

  @Override
  public double gradientDegree() {
    return 1;
  }

  @Override
  public int weightDegree() {
    return 0;
  }

  @Override
  public OptionalDouble epsilonReference(Fans fans) {
    return OptionalDouble.empty();
  }
}
