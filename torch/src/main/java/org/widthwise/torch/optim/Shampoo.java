package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.update.ShampooRule;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;

/**
 * Shampoo (V. Gupta, T. Koren, Y. Singer, ICML 2018): {@code (L + ε²)^(−e) · G · (R + ε²)^(−e)}
 * with L of {@code G·Gᵀ} and R of {@code Gᵀ·G}, averaged, {@code L ← β·L + (1 − β)·G·Gᵀ} over
 * {@code 1 − βᵗ}, or summed, as in the first publication, for β = 1. The roots are renewed at each
 * of the first so many updates, while the averages still take in new directions, and every so many
 * after them; in between old ones serve. Without momentum and without grafting: {@code Chain.of(new
 * Averaging(0.1), Shampoo.withDefaults())} has the former.
 *
 * <p>Preconditioners, roots and products are in float64, whatever the parameter: a root multiplies
 * what it has not seen by up to ε^(−2e) from each side, and rounding with it. For the same reason ε
 * matters more than elsewhere: a gradient that leaves the directions seen so far is amplified by
 * (its usual size/ε)^(2e) a side while the roots are old.
 *
 * <p>ε is of the size of gradients, as everywhere in this package; published code adds its ε to L
 * and R, where ε² stands here. A vector, and each map of one row or column, is divided by its
 * length in the same power, {@code g·(s + ε²)^(−2e)} with s of {@code ‖g‖²}: what both
 * preconditioners do to gradients that keep their direction, without a matrix of n².
 *
 * @param decay β, at least 0 and at most 1; 1 for a sum
 * @param exponent e, above 0 and at most 1
 * @param epsilon ε, finite and not negative
 * @param every the number of updates from one renewal of the roots to the next, at least 1
 */
public record Shampoo(double decay, double exponent, double epsilon, int every)
    implements Direction {

  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final String LEFT_ROOT = "left_root";
  private static final String RIGHT_ROOT = "right_root";
  private static final String SQUARE = "square";

  /**
   * Checks the numbers.
   *
   * @param decay β, at least 0 and at most 1
   * @param exponent e, above 0 and at most 1
   * @param epsilon ε, finite and not negative
   * @param every at least 1
   * @throws IllegalArgumentException if one is out of its range
   */
  public Shampoo {
    if (decay != 1) {
      Checks.decay("Shampoo", "β", decay);
    }
    Checks.epsilon("Shampoo", epsilon);
    Checks.every("Shampoo", every);
    new ShampooRule(exponent);
  }

  /**
   * The published exponents, with the averages of later practice.
   *
   * @return β = 0.95, e = 1/4, ε = 10⁻⁶, roots renewed every 10 updates
   */
  public static Shampoo withDefaults() {
    return new Shampoo(0.95, ShampooRule.USUAL_EXPONENT, 1e-6, 10);
  }

  /**
   * Shampoo over its spectral norm: every update has the size that its plan says, whatever ε is and
   * however old the roots are.
   *
   * @return the direction of the rule {@code shampoo-spectral}
   */
  public Ruled spectral() {
    return Ruled.overSpectralNorm(UpdateRules.SHAMPOO_SPECTRAL, this);
  }

  @Override
  public UpdateRule rule() {
    return new ShampooRule(exponent);
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    Tensor wide = parameter.detach().to(ScalarType.Double);
    if (Maps.areVectors(wide)) {
      return Map.of(SQUARE, torch.zeros_like(TensorNorms.frobeniusOfMaps(wide)));
    }
    Tensor left = torch.zeros_like(wide.matmul(wide.transpose(-2, -1)));
    Tensor right = torch.zeros_like(wide.transpose(-2, -1).matmul(wide));
    return Map.of(LEFT, left, RIGHT, right, LEFT_ROOT, left.clone(), RIGHT_ROOT, right.clone());
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor wide = gradient.to(ScalarType.Double);
    if (Maps.areVectors(wide)) {
      Tensor square = TensorNorms.frobeniusOfMaps(wide).square();
      Tensor size = corrected(accumulated(state.tensor(SQUARE), square), state);
      // The root of ‖g‖² + ε² is never 0 unless the gradient has been so, which overNorms minds.
      Tensor norm = size.add(new Scalar(epsilon * epsilon)).pow(new Scalar(2 * exponent));
      return TensorNorms.overNorms(wide, norm, 0);
    }
    Tensor transposed = wide.transpose(-2, -1);
    Tensor left = accumulated(state.tensor(LEFT), wide.matmul(transposed));
    Tensor right = accumulated(state.tensor(RIGHT), transposed.matmul(wide));
    Tensor leftRoot = state.tensor(LEFT_ROOT);
    Tensor rightRoot = state.tensor(RIGHT_ROOT);
    if (state.updates() <= every || state.updates() % every == 0) {
      leftRoot.copy_(root(corrected(left, state)));
      rightRoot.copy_(root(corrected(right, state)));
    }
    return leftRoot.matmul(wide).matmul(rightRoot);
  }

  private Tensor accumulated(Tensor sum, Tensor next) {
    return decay == 1
        ? sum.add_(next)
        : sum.mul_(new Scalar(decay)).add_(next, new Scalar(1 - decay));
  }

  private Tensor corrected(Tensor sum, ParameterState state) {
    return decay == 1 ? sum : sum.div(new Scalar(1 - Math.pow(decay, (double) state.updates())));
  }

  private Tensor root(Tensor preconditioner) {
    return Eigenbases.inversePower(preconditioner, exponent, epsilon * epsilon);
  }

  @Override
  public Shampoo withEpsilon(double newEpsilon) {
    return new Shampoo(decay, exponent, newEpsilon, every);
  }
}
