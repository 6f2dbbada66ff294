package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * Rules whose raw update already has the size that Condition 1 asks for, √(fan-out / fan-in), such
 * as Scion's, which step to the border of a ball in the norm of the layer (T. Pethick et al.,
 * "Training deep learning models with norm-constrained LMOs", ICML 2025). Their rate is the same at
 * every layer and width, whether a plan scales it or not.
 *
 * @param id the name
 * @param hasEpsilon whether an ε is added to the gradient's norm, Θ(√(fan-in / fan-out))
 */
public record TargetSizedRule(String id, boolean hasEpsilon) implements UpdateRule {

  @Override
  public double rawSpectralNorm(Fans fans) {
    return fans.targetSpectralNorm();
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
