package org.widthwise.lab.paper;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.train.MlpPass;

/**
 * How low the rank of a gradient step is at layer 2, and how well it is aligned with what enters
 * the layer (appendix A). None of it depends on the learning rate.
 */
final class UpdateGeometry {

  /** The stable rank of ΔW₂. */
  static final String STABLE_RANK = "stable_rank";

  /** Eq. 25. */
  static final String ALIGNMENT = "alignment";

  /** The stable rank of H₁′. */
  static final String HIDDEN = "hidden";

  /** The stable rank of G₂. */
  static final String GRADIENT = "gradient";

  private static final int LAYER = 2;

  private UpdateGeometry() {}

  /** The four values by name. */
  static SortedMap<String, Double> of(MlpPass pass) {
    Tensor update = pass.gradients().weights().get(LAYER - 1);
    Tensor incoming = pass.forward().activations().get(LAYER - 2);
    Tensor gradients = pass.preactivationGradients().get(LAYER - 1);
    MatrixNorms norms = TensorNorms.of(update);
    SortedMap<String, Double> values = new TreeMap<>();
    values.put(STABLE_RANK, norms.stableRank());
    values.put(ALIGNMENT, FeatureNorms.alignment(update, norms.spectral(), incoming));
    // Examples are rows here and columns in the paper, which no singular value notices.
    values.put(HIDDEN, TensorNorms.of(incoming).stableRank());
    values.put(GRADIENT, TensorNorms.of(gradients).stableRank());
    return values;
  }
}
