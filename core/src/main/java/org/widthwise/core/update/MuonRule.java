package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * Muon: the orthogonalised momentum, whose singular values are all 1, times the number of a
 * convention. ε is added to the momentum's Frobenius norm, Θ(√(fan-in / fan-out)) for gradients of
 * stable rank Θ(1).
 *
 * @param scale the convention
 */
public record MuonRule(MuonScale scale) implements UpdateRule {

  /**
   * {@inheritDoc}
   *
   * @return {@code muon}, or {@code muon-} and the {@linkplain MuonScale#id() convention}
   */
  @Override
  public String id() {
    return scale == MuonScale.UNIT ? "muon" : "muon-" + scale.id();
  }

  @Override
  public double rawSpectralNorm(Fans fans) {
    return scale.factor(fans);
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
    return OptionalDouble.of(GradientSize.spectral(fans));
  }
}
