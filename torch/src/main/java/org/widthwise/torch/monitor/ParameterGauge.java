package org.widthwise.torch.monitor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.measure.TensorNorms;

/**
 * Measures a parameter, or what was added to it, in the norm that is natural to its role.
 *
 * <p>Searches for singular values start at random. A start from the vector found before, verified
 * as {@link GolubKahanLanczos} does, takes as many products at the tolerances that suffice here,
 * most of them for the verification; and one that is not verified can miss an update that turned.
 */
final class ParameterGauge {

  private final ParameterShape shape;
  private final double target;
  private final double relativeTolerance;

  ParameterGauge(ParameterShape shape, double target, double relativeTolerance) {
    this.shape = shape;
    this.target = target;
    this.relativeTolerance = relativeTolerance;
  }

  /**
   * What was measured.
   *
   * @param size over the target
   * @param stableRank NaN where there is none
   * @param alignment NaN where there is none
   */
  record Size(double size, double stableRank, double alignment) {

    static Size undefined() {
      return new Size(Double.NaN, Double.NaN, Double.NaN);
    }
  }

  /** Whether stable rank and alignment mean something. */
  boolean isMatrix() {
    return shape.isMatrixLike();
  }

  /**
   * Measures.
   *
   * @param tensor of the parameter's shape
   * @param incoming features {@code [rows, fanIn]}, to see how well they are aligned; null if there
   *     are none
   */
  Size of(Tensor tensor, @Nullable Tensor incoming) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor plain = plain(tensor);
      double frobenius = TensorNorms.frobenius(plain);
      if (!Double.isFinite(frobenius)) {
        return Size.undefined();
      }
      if (shape.isMatrixLike()) {
        return matrices(plain, incoming);
      }
      double size =
          shape.role().isTable()
              ? largestRow(plain)
              : shape.maps() > 1 ? largestRow(plain.reshape(shape.maps(), -1)) : frobenius;
      return new Size(size / target, Double.NaN, Double.NaN);
    }
  }

  /** In a precision that this can compute in. */
  static Tensor plain(Tensor tensor) {
    Tensor detached = tensor.detach();
    return Tensors.isFloatOrDouble(detached) ? detached : detached.toType(ScalarType.Float);
  }

  private Size matrices(Tensor tensor, @Nullable Tensor incoming) {
    record Candidate(Maps.Map map, double frobenius) {
      Tensor matrix() {
        return map.matrix();
      }
    }
    List<Candidate> candidates = new ArrayList<>();
    for (Maps.Map map : Maps.of(shape, tensor)) {
      candidates.add(new Candidate(map, TensorNorms.frobenius(map.matrix())));
    }
    candidates.sort(Comparator.comparingDouble(Candidate::frobenius).reversed());
    Candidate largest = candidates.get(0);
    double spectral = spectral(largest.matrix(), largest.frobenius());
    for (Candidate candidate : candidates.subList(1, candidates.size())) {
      if (candidate.frobenius() <= spectral) {
        break; // No spectral norm exceeds a Frobenius norm.
      }
      double other = spectral(candidate.matrix(), candidate.frobenius());
      if (other > spectral) {
        spectral = other;
        largest = candidate;
      }
    }
    double ratio = largest.frobenius() / spectral;
    return new Size(
        spectral / target,
        ratio * ratio,
        incoming == null
            ? Double.NaN
            : FeatureNorms.alignment(
                largest.matrix(),
                spectral,
                Maps.incoming(shape, largest.map().group(), incoming)
                    .toType(Tensors.type(tensor))));
  }

  private double spectral(Tensor matrix, double frobenius) {
    if (frobenius == 0 || Math.min(matrix.size(0), matrix.size(1)) == 1) {
      return frobenius;
    }
    return TensorNorms.spectral(matrix, relativeTolerance);
  }

  private static double largestRow(Tensor table) {
    return torch
        .linalg_vector_norm(
            table,
            new Scalar(2.0),
            new long[] {1},
            false,
            new ScalarTypeOptional(ScalarType.Double))
        .max()
        .item_double();
  }
}
