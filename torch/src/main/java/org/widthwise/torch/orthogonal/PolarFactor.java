package org.widthwise.torch.orthogonal;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.Tensors;

/**
 * The polar factor {@code U·Vᵀ} by singular value decomposition, in single precision for half
 * precisions. Singular values that are 0 up to rounding, or not above ε, stay 0: their vectors are
 * arbitrary.
 */
public record PolarFactor() implements Orthogonalization {

  private static final double SINGLE_ROUNDING = 0x1p-23;
  private static final double DOUBLE_ROUNDING = 0x1p-52;

  @Override
  public PolarFactor inBfloat16() {
    return this;
  }

  @Override
  public Tensor of(Tensor matrices, double epsilon) {
    Shapes.requireMatrices(matrices);
    ScalarType type = Tensors.type(matrices);
    Tensor full = Tensors.isFloatOrDouble(matrices) ? matrices : matrices.to(ScalarType.Float);
    // LAPACK throws at a NaN, even where it is in another map.
    Tensor finite = torch.isfinite(full).all(-1, true).all(-2, true);
    Tensor safe = torch.where(finite, full, new Scalar(0.0));
    double rounding = Tensors.type(full) == ScalarType.Double ? DOUBLE_ROUNDING : SINGLE_ROUNDING;
    double size = Math.max(full.size(-2), full.size(-1));
    try (T_TensorTensorTensor_T decomposed =
        torch.linalg_svd(safe, false, new StringViewOptional())) {
      Tensor values = decomposed.get1();
      Tensor negligible =
          values
              .amax(new long[] {-1}, true)
              .mul(new Scalar(size * rounding))
              .clamp_min_(new Scalar(epsilon));
      Tensor kept = values.gt(negligible).to(Tensors.type(full)).unsqueeze(-2);
      Tensor factor = decomposed.get0().mul(kept).matmul(decomposed.get2());
      return torch.where(finite, factor, new Scalar(Double.NaN)).to(type);
    }
  }
}
