package org.widthwise.core.update;

import java.util.OptionalDouble;
import org.widthwise.core.shape.Fans;

/**
 * Shampoo: the gradient G between two preconditioners, {@code L^(−e) · G · R^(−e)}, where L and R
 * are averages of {@code G·Gᵀ} and {@code Gᵀ·G} (V. Gupta, T. Koren, Y. Singer, "Shampoo:
 * preconditioned stochastic tensor optimization", ICML 2018).
 *
 * <p>Gradients that stay aligned, {@code G = σ·u·vᵀ}, make {@code L = σ²·u·uᵀ} and {@code R =
 * σ²·v·vᵀ}, so the raw update is {@code σ^(1−4e)·u·vᵀ}. With σ = Θ(√(fan-in / fan-out)) (eq. 20)
 * its spectral norm is (fan-in / fan-out)^((1−4e)/2), and target over raw size gives the rate
 * (fan-out / fan-in)^(1−2e), which is arXiv:2512.05620's with E = 2e, the sum of both exponents. At
 * e = 1/4 the update is orthogonal, as Muon's; at e = 1/2, which approximates a full matrix's
 * inverse root, one rate suits all shapes.
 *
 * <p>ε² is added to the eigenvalues of L and R, which are of size σ²: ε is beside σ. (The published
 * ε stands for that square, so it goes as fan-in / fan-out.)
 *
 * @param exponent e, above 0 and at most 1
 */
public record ShampooRule(double exponent) implements UpdateRule {

  /** e of the published optimizer for matrices, 1/4. */
  public static final double USUAL_EXPONENT = 0.25;

  /**
   * Checks the exponent.
   *
   * @param exponent e, above 0 and at most 1
   * @throws IllegalArgumentException if it is not
   */
  public ShampooRule {
    if (!(exponent > 0 && exponent <= 1)) {
      throw new IllegalArgumentException(
          "the exponent e of Shampoo's L^(−e)·G·R^(−e) must be above 0 and at most 1, but is "
              + exponent);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @return {@code shampoo}, or where e is not 1/4 {@code shampoo-} and e
   */
  @Override
  public String id() {
    return exponent == USUAL_EXPONENT ? "shampoo" : "shampoo-" + exponent;
  }

  @Override
  public double rawSpectralNorm(Fans fans) {
    return Math.pow(GradientSize.spectral(fans), gradientDegree());
  }

  @Override
  public double gradientDegree() {
    return 1 - 4 * exponent;
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
