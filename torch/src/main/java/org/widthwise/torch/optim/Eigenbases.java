package org.widthwise.torch.optim;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Eigenvalue decompositions of the preconditioners of Shampoo and SOAP, each map by itself, in
 * float64. A map that is not finite, at which LAPACK would throw, gives NaN throughout.
 */
final class Eigenbases {

  private static final double ROUNDING = 0x1p-52;

  private Eigenbases() {}

  /**
   * {@code (A + shift·I)^(−exponent)}. Eigenvalues of A that are 0 up to rounding count as 0, and 0
   * to a negative power as 0: what was never seen is not amplified without end.
   *
   * @param symmetric A, positive semi-definite, {@code [n, n]} or {@code [maps, n, n]}
   * @param exponent above 0
   * @param shift not negative
   * @return float64, of the same shape
   */
  static Tensor inversePower(Tensor symmetric, double exponent, double shift) {
    Tensor finite = finite(symmetric);
    try (T_TensorTensor_T decomposed = decompose(symmetric, finite)) {
      Tensor values = decomposed.get0();
      Tensor vectors = decomposed.get1();
      Tensor rounding =
          values.amax(new long[] {-1}, true).mul(new Scalar(symmetric.size(-1) * ROUNDING));
      Tensor shifted =
          values.masked_fill(values.le(rounding), new Scalar(0.0)).add_(new Scalar(shift));
      Tensor powers =
          shifted
              .pow(new Scalar(-exponent))
              .masked_fill_(shifted.eq(new Scalar(0.0)), new Scalar(0.0));
      Tensor power = vectors.mul(powers.unsqueeze(-2)).matmul(vectors.transpose(-2, -1));
      return torch.where(finite, power, new Scalar(Double.NaN));
    }
  }

  /**
   * Eigenvectors in the columns, that of the largest eigenvalue first.
   *
   * @param symmetric positive semi-definite, {@code [n, n]} or {@code [maps, n, n]}
   * @return float64, of the same shape
   */
  static Tensor descending(Tensor symmetric) {
    Tensor finite = finite(symmetric);
    try (T_TensorTensor_T decomposed = decompose(symmetric, finite)) {
      Tensor vectors = decomposed.get1().flip(-1);
      return torch.where(finite, vectors, new Scalar(Double.NaN));
    }
  }

  private static Tensor finite(Tensor symmetric) {
    return torch.isfinite(symmetric).all(-1, true).all(-2, true);
  }

  private static T_TensorTensor_T decompose(Tensor symmetric, Tensor finite) {
    return torch.linalg_eigh(torch.where(finite, symmetric.to(ScalarType.Double), new Scalar(0.0)));
  }
}
