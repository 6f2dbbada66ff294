package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * Rules whose raw update has spectral norm 1 whatever the shape: normalised by the spectral norm
 * (eq. 17) or by the Frobenius norm, its cheap form (section 4), which for stable rank Θ(1) is the
 * same size.
 *
 * @param id the name
 * @param hasEpsilon whether an ε is added to the gradient's norm, Θ(√(fan-in / fan-out))
 */
public record NormalizedRule(String id, boolean hasEpsilon) implements UpdateRule {

  @Override
  public double rawSpectralNorm(Fans fans) {
    return 1;
  }

  @Override
  public double gradientDegree() {
    return 0;
  }

  @Override
  public int weightDegree() {
    return 0;
  }

  @Override
  public OptionalDouble epsilonReference(Fans fans) {
    return hasEpsilon ? OptionalDouble.of(GradientSize.spectral(fans)) : OptionalDouble.empty();
  }
}
