package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.norm.MatrixKind;
import org.widthwise.core.norm.NormTable;
import org.widthwise.core.shape.Fans;

/**
 * Updates whose Frobenius norm is that of the weights, ‖W‖_F · ∇/‖∇‖_F, as in LARS and its kin
 * (section 5.4).
 *
 * <p>Weights have stable rank min(fan-in, fan-out) and updates Θ(1), so the raw update's spectral
 * norm is the weights' Frobenius norm, too large by √min(fan-in, fan-out). Dividing by it, which
 * "target over raw size" does unasked, is the paper's correction of the published rule.
 *
 * @param id the name
 * @param hasEpsilon whether an ε is added to the gradient's norm, Θ(√(fan-in / fan-out))
 */
public record FrobeniusRelativeRule(String id, boolean hasEpsilon) implements UpdateRule {

  @Override
  public double rawSpectralNorm(Fans fans) {
    return NormTable.of(fans, MatrixKind.INITIAL_WEIGHTS).frobenius();
  }

  @Override
  public double gradientDegree() {
    return 0;
  }

  @Override
  public int weightDegree() {
    return 1;
  }

  @Override
  public OptionalDouble epsilonReference(Fans fans) {
    return hasEpsilon ? OptionalDouble.of(GradientSize.spectral(fans)) : OptionalDouble.empty();
  }
}
