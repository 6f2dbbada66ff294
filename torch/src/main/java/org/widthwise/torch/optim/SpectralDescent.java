package org.widthwise.torch.optim;

import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.spectral.SingularTriplet;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;

/**
 * The gradient over its spectral norm, {@code ∇ / (‖∇‖₂ + ε)}: eq. 17, whose remaining factor
 * {@code η·√(fanOut / fanIn)} is the learning rate of a plan.
 *
 * <p>Each map of a stack is divided by its own norm. A vector is a matrix of one column, whose
 * spectral norm is its length, as is that of each map of one row or column. The norm of a matrix is
 * searched for from the right singular vector of the last step on, which the state keeps. A
 * gradient that is not finite gives NaN throughout its map and leaves that vector alone.
 *
 * @param epsilon ε, finite and not negative; eq. 17 has none
 */
public record SpectralDescent(double epsilon) implements Direction {

  private static final String RIGHT = "right";

  /**
   * Checks ε.
   *
   * @param epsilon ε, finite and not negative
   * @throws IllegalArgumentException if it is out of its range
   */
  public SpectralDescent {
    Checks.epsilon("spectral descent", epsilon);
  }

  /**
   * Eq. 17 as it stands.
   *
   * @return ε = 0
   */
  public static SpectralDescent withDefaults() {
    return new SpectralDescent(0);
  }

  @Override
  public UpdateRule rule() {
    return UpdateRules.SPECTRAL_DESCENT;
  }

  @Override
  public Map<String, Tensor> initialState(Tensor parameter) {
    return Maps.areVectors(parameter)
        ? Map.of()
        : Map.of(RIGHT, torch.zeros_like(parameter.detach().select(-2, 0)));
  }

  @Override
  public Tensor of(Tensor gradient, Tensor parameter, ParameterState state) {
    Tensor norms = TensorNorms.frobeniusOfMaps(gradient);
    if (!Maps.areVectors(gradient)) {
      Tensor lengths = norms.cpu();
      Tensor right = state.tensor(RIGHT);
      boolean stacked = gradient.dim() > 2;
      for (long map = 0; map < lengths.numel(); map++) {
        try (PointerScope scope = new PointerScope()) {
          Tensor entry = lengths.reshape(-1).select(0, map);
          double length = entry.item_double();
          if (length > 0 && Double.isFinite(length)) {
            Tensor matrix = stacked ? gradient.select(0, map) : gradient;
            Tensor last = stacked ? right.select(0, map) : right;
            entry.fill_(new Scalar(spectralNorm(matrix, last)));
          }
        }
      }
      norms = lengths;
    }
    return TensorNorms.overNorms(gradient, norms, epsilon);
  }

  /** From the last right singular vector, which the new one replaces; zeros before the first. */
  private static double spectralNorm(Tensor matrix, Tensor last) {
    double[] start = new double[Math.toIntExact(last.numel())];
    last.cpu().to(ScalarType.Double).contiguous().data_ptr_double().get(start);
    boolean first = Arrays.stream(start).allMatch(entry -> entry == 0);
    SingularTriplet triplet =
        first ? TensorNorms.largest(matrix) : TensorNorms.largest(matrix, start);
    last.copy_(Tensor.create(triplet.right()));
    return triplet.value();
  }

  @Override
  public SpectralDescent withEpsilon(double newEpsilon) {
    return new SpectralDescent(newEpsilon);
  }
}
