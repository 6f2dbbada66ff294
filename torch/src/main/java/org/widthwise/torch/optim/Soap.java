package org.widthwise.torch.optim;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.measure.TensorNorms;

/**
 * SOAP (N. Vyas et al., "SOAP: improving and stabilizing Shampoo using Adam", 2024): Adam in the
 * basis of the eigenvectors P and Q of Shampoo's averages L of {@code G·Gᵀ} and R of {@code Gᵀ·G}:
 *
 * <pre>
 *   m ← β₁·m + (1 − β₁)·G     v ← β₂·v + (1 − β₂)·(Pᵀ·G·Q)²     D = P·[(Pᵀ·m̂·Q) / (√v̂ + ε)]·Qᵀ
 * </pre>
 *
 * <p>then L and R take in G with β₂, and every so many updates the bases follow by one step of
 * orthogonal iteration, {@code P ← QR(L·P)}, the columns and v sorted before by {@code pᵀ·L·p}. The
 * first bases are the eigenvectors of the first gradient. The published code spends the first
 * gradient on them alone and takes no step; here it is taken, as every rule's first is.
 *
 * <p>In its basis the first gradient is diagonal and all else is rounding, which Adam brings to
 * size 1 as well unless ε exceeds it; later, the same goes for noise. In single precision take ε no
 * smaller than 10⁻⁶ of the gradient's spectral norm; {@link org.widthwise.core.update.SoapRule}
 * says what the width rule assumes.
 *
 * <p>A vector, and each map of one row or column, is divided by its length, {@code m̂ / (√ŝ + ε)}
 * with s averaging {@code ‖g‖²}: what a basis of n² entries would do to gradients that keep their
 * direction.
 *
 * @param beta1 β₁, at least 0 and below 1
 * @param beta2 β₂, of v, L and R, at least 0 and below 1
 * @param epsilon ε, added to the root, finite and not negative
 * @param every the number of updates from one renewal of the bases to the next, at least 1
 */
public record Soap(double beta1, double beta2, double epsilon, int every) implements Direction {

  private static final String MEAN = "mean";
  private static final String SQUARE = "square";
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final String LEFT_BASIS = "left_basis";
  private static final String RIGHT_BASIS = "right_basis";

  /**
   * Checks the numbers.
   *
   * @param beta1 β₁, at least 0 and below 1
   * @param beta2 β₂, at least 0 and below 1
   * @param epsilon ε, finite and not negative
   * @param every at least 1
   * @throws IllegalArgumentException if one is out of its range
   */
  public Soap {
    Checks.decay("SOAP", "β₁", beta1);
    Checks.decay("SOAP", "β₂", beta2);
    Checks.epsilon("SOAP", epsilon);
    Checks.every("SOAP", every);
  }

  /**
   * The authors' numbers.
   *
   * @return β₁ = β₂ = 0.95, ε = 10⁻⁸, bases renewed every 10 updates
   */
  public static Soap withDefaults() {
    return new Soap(0.95, 0.95, 1e-8, 10);
  }

  /**
   * SOAP over its spectral norm, which is between 1 and √fanIn + √fanOut as it goes: every update
   * has the size that its plan says.
   *
   * @return the direction of the rule {@code soap-spectral}
   */
  public Ruled spectral() {
    return Ruled.overSpectralNorm(UpdateRules.SOAP_SPECTRAL, this);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.SOAP;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    Tensor mean = torch.zeros_like(parameter.detach());
    if (Maps.areVectors(mean)) {
      return Map.of(MEAN, mean, SQUARE, torch.zeros_like(TensorNorms.frobeniusOfMaps(mean)));
    }
    Tensor left = mean.matmul(mean.transpose(-2, -1));
    Tensor right = mean.transpose(-2, -1).matmul(mean);
    return Map.of(
        MEAN,
        mean,
        SQUARE,
        mean.clone(),
        LEFT,
        left,
        RIGHT,
        right,
        LEFT_BASIS,
        left.clone(),
        RIGHT_BASIS,
        right.clone());
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor mean = averaged(state.tensor(MEAN), gradient, beta1);
    double meanWeight = 1 - Math.pow(beta1, (double) state.updates());
    if (Maps.areVectors(gradient)) {
      Tensor square =
          averaged(state.tensor(SQUARE), TensorNorms.frobeniusOfMaps(gradient).square(), beta2);
      return TensorNorms.overNorms(mean, root(square, state), epsilon).div_(new Scalar(meanWeight));
    }
    if (state.updates() == 1) {
      addToPreconditioners(gradient, state);
      state.tensor(LEFT_BASIS).copy_(Eigenbases.descending(state.tensor(LEFT)));
      state.tensor(RIGHT_BASIS).copy_(Eigenbases.descending(state.tensor(RIGHT)));
    }
    Tensor left = state.tensor(LEFT_BASIS);
    Tensor right = state.tensor(RIGHT_BASIS);
    Tensor rotated = left.transpose(-2, -1).matmul(gradient).matmul(right);
    Tensor square = averaged(state.tensor(SQUARE), rotated.square(), beta2);
    Tensor rotatedMean = left.transpose(-2, -1).matmul(mean).matmul(right);
    Tensor size = root(square, state).add_(new Scalar(epsilon));
    Tensor direction =
        left.matmul(Quotients.entrywise(rotatedMean, size))
            .matmul(right.transpose(-2, -1))
            .div_(new Scalar(meanWeight));
    if (state.updates() > 1) {
      addToPreconditioners(gradient, state);
    }
    if (state.updates() % every == 0) {
      renew(state.tensor(LEFT), left, state.tensor(SQUARE), -2);
      renew(state.tensor(RIGHT), right, state.tensor(SQUARE), -1);
    }
    return direction;
  }

  private static Tensor averaged(Tensor average, Tensor next, double beta) {
    return average.mul_(new Scalar(beta)).add_(next, new Scalar(1 - beta));
  }

  private Tensor root(Tensor square, ParameterState state) {
    return square.div(new Scalar(1 - Math.pow(beta2, (double) state.updates()))).sqrt_();
  }

  private void addToPreconditioners(Tensor gradient, ParameterState state) {
    Tensor transposed = gradient.transpose(-2, -1);
    averaged(state.tensor(LEFT), gradient.matmul(transposed), beta2);
    averaged(state.tensor(RIGHT), transposed.matmul(gradient), beta2);
  }

  /** One step of orthogonal iteration, with the second moments carried along. */
  private static void renew(Tensor preconditioner, Tensor basis, Tensor square, long side) {
    Tensor wide = basis.to(ScalarType.Double);
    Tensor image = preconditioner.to(ScalarType.Double).matmul(wide);
    Tensor order = wide.mul(image).sum(-2).argsort(-1, true);
    Tensor columns = order.unsqueeze(-2).expand(Tensors.shape(image));
    try (T_TensorTensor_T factors = torch.linalg_qr(image.gather(-1, columns))) {
      basis.copy_(factors.get0());
    }
    Tensor entries = order.unsqueeze(side == -1 ? -2 : -1).expand(Tensors.shape(square));
    square.copy_(square.gather(side, entries));
  }

  @Override
  public Soap withEpsilon(double newEpsilon) {
    return new Soap(beta1, beta2, newEpsilon, every);
  }
}
