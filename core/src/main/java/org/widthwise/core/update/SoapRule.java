package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * SOAP: Adam in the eigenbasis of Shampoo's two preconditioners (N. Vyas et al., "SOAP: improving
 * and stabilizing Shampoo using Adam", 2024).
 *
 * <p>A gradient of rank r whose singular vectors are among the basis has r entries there and zeros
 * elsewhere. Adam brings each entry to size 1 and leaves the zeros, so the raw update has spectral
 * norm 1 for r = 1, and Θ(1) while r = Θ(1): the rate is √(fan-out / fan-in), as arXiv:2512.05620
 * has it for both sides preconditioned. Two things are assumed: that the basis keeps up with the
 * gradients, and that ε exceeds what noise and rounding leave in the other entries. Where noise of
 * full rank exceeds ε it comes to size 1 as well, a random matrix of spectral norm √fan-in +
 * √fan-out, and the update grows with width.
 *
 * <p>ε is added to an entry in the eigenbasis, which is a singular value, Θ(√(fan-in / fan-out)),
 * and not to an entry of the gradient, as in Adam.
 */
public record SoapRule() implements UpdateRule {

  @Override
  public String id() {
    return "soap";
  }

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
    return OptionalDouble.of(GradientSize.spectral(fans));
  }
}
