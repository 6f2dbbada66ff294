package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * Rules that bring every entry of the update to size 1: Adam, AdamW, RMSProp, Lion, sign descent,
 * Adafactor (section 3.3).
 *
 * <p>Processing entry by entry keeps the gradient's outer-product structure (appendix B), so
 * entries of size 1 are aligned and the update has the spectral norm of a rank-one matrix of ones,
 * √(fan-in · fan-out). Taking gradient descent's rate instead is wrong by a factor of fan-out.
 *
 * @param id the name
 * @param hasEpsilon whether an ε is added to the entries' size, Θ(1 / fan-out)
 */
public record EntrywiseRule(String id, boolean hasEpsilon) implements UpdateRule {

  @Override
  public double rawSpectralNorm(Fans fans) {
    return Math.sqrt(fans.entries());
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
    return hasEpsilon ? OptionalDouble.of(GradientSize.entry(fans)) : OptionalDouble.empty();
  }
}
