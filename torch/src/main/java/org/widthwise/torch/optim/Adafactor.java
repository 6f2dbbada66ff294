package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;

/**
 * Adafactor (N. Shazeer, M. Stern, "Adafactor: adaptive learning rates with sublinear memory cost",
 * ICML 2018), without momentum and without its relative step sizes, which are a learning rate.
 *
 * <p>Of the second moment of a matrix only the means of rows and columns are kept, {@code r} and
 * {@code c}, and {@code v = r·cᵀ / mean(r)} stands for it, which for a gradient of rank one is
 * exact. The averages go as {@code r ← β·r + (1 − β)·mean(g² + ε²)} with {@code β = 1 − t^(−0.8)},
 * so that nothing needs correction at the start, and the direction {@code u = g/√v} is clipped to
 * {@code u / max(1, RMS(u)/d)}. Each map of a stack has its own factors and its own RMS; a vector
 * keeps its second moment whole.
 *
 * <p>ε is of the size of gradients, as everywhere in this package: the authors' ε₁ = 10⁻³⁰, which
 * is added to squares, is ε = 10⁻¹⁵.
 *
 * @param decayExponent the 0.8 of β = 1 − t^(−0.8), above 0
 * @param clipping d, the largest root mean square of a direction, above 0
 * @param epsilon ε, whose square is added to squares of the gradient, finite and not negative
 */
public record Adafactor(double decayExponent, double clipping, double epsilon)
    implements Direction {

  private static final String SQUARE = "square";
  private static final String ROWS = "rows";
  private static final String COLUMNS = "columns";

  /**
   * Checks the numbers.
   *
   * @param decayExponent above 0
   * @param clipping d, above 0
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if one is out of its range
   */
  public Adafactor {
    Checks.positive("Adafactor", "the exponent of β", decayExponent);
    Checks.positive("Adafactor", "the clipping d", clipping);
    Checks.epsilon("Adafactor", epsilon);
  }

  /**
   * The authors' numbers.
   *
   * @return β = 1 − t^(−0.8), d = 1, ε = 10⁻¹⁵
   */
  public static Adafactor withDefaults() {
    return new Adafactor(0.8, 1, 1e-15);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.ADAFACTOR;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    Maps.require(parameter);
    Tensor zeros = torch.zeros_like(parameter.detach());
    return zeros.dim() < 2
        ? Map.of(SQUARE, zeros)
        : Map.of(ROWS, mean(zeros, -1), COLUMNS, mean(zeros, -2));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    double beta = 1 - Math.pow((double) state.updates(), -decayExponent);
    Tensor squares = gradient.square().add_(new Scalar(epsilon * epsilon));
    Tensor sizes =
        gradient.dim() < 2 ? whole(squares, beta, state) : factored(squares, beta, state);
    Tensor plain = Quotients.entrywise(gradient, sizes);
    double entries = Maps.fans(gradient).entries();
    Tensor excess =
        TensorNorms.frobeniusOfMaps(plain)
            .div_(new Scalar(Math.sqrt(entries) * clipping))
            .clamp_min_(new Scalar(1.0));
    return TensorNorms.overNorms(plain, excess, 0);
  }

  private static Tensor whole(Tensor squares, double beta, ParameterState state) {
    return average(state.tensor(SQUARE), squares, beta).sqrt();
  }

  private static Tensor factored(Tensor squares, double beta, ParameterState state) {
    Tensor rows = average(state.tensor(ROWS), mean(squares, -1), beta);
    Tensor columns = average(state.tensor(COLUMNS), mean(squares, -2), beta);
    // Roots before the product, which then cannot leave the range of floats.
    Tensor share = Quotients.entrywise(rows, mean(rows, -2)).sqrt();
    return share.mul(columns.sqrt());
  }

  private static Tensor average(Tensor average, Tensor next, double beta) {
    return average.mul_(new Scalar(beta)).add_(next, new Scalar(1 - beta));
  }

  private static Tensor mean(Tensor tensor, long dimension) {
    return tensor.mean(new long[] {dimension}, true, new ScalarTypeOptional());
  }

  @Override
  public Adafactor withEpsilon(double newEpsilon) {
    return new Adafactor(decayExponent, clipping, newEpsilon);
  }
}
