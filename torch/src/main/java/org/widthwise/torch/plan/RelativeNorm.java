package org.widthwise.torch.plan;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.torch.measure.TensorNorms;

/** The size of a weight or an update beside the target that Condition 1 sets it. */
public final class RelativeNorm {

  private RelativeNorm() {}

  /**
   * The spectral norm over √(fan-out / fan-in), of the largest of several stacked maps; for an
   * embedding the longest row, for a bias or gain the length, both over √fan-out. A kernel is taken
   * {@linkplain MatrixView flattened}.
   *
   * @param shape what the tensor is
   * @param tensor a weight, or a change of one
   * @return the ratio, Θ(1) under Condition 1; NaN if an entry is not finite
   * @throws IllegalArgumentException if the tensor has another shape
   */
  public static double of(ParameterShape shape, Tensor tensor) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor view = MatrixView.of(shape).of(tensor.detach());
      double target = shape.fans().targetSpectralNorm();
      if (!Double.isFinite(TensorNorms.frobenius(view))) {
        return Double.NaN;
      }
      if (view.dim() == 2) {
        return TensorNorms.spectral(view) / target;
      }
      if (view.dim() == 1) {
        return TensorNorms.frobenius(view) / target;
      }
      if (view.size(2) == 1) {
        return view.square().sum(new long[] {1, 2}).max().sqrt().item_double() / target;
      }
      double largest = 0;
      for (long map = 0; map < view.size(0); map++) {
        largest = Math.max(largest, TensorNorms.spectral(view.get(map)));
      }
      return largest / target;
    }
  }
}
