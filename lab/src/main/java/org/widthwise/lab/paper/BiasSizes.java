package org.widthwise.lab.paper;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;

/**
 * Biases and their updates over the size that appendix D asks for: {@code bias.<layer>},
 * ‖b_ℓ‖₂/√n_ℓ and ‖Δb_ℓ‖₂/√n_ℓ.
 */
final class BiasSizes implements RuleMeasure {

  @Override
  public SortedMap<String, Double> weights(MlpWeights weights) {
    return sizes(weights.biases());
  }

  @Override
  public SortedMap<String, Double> step(StepResult.Taken taken, MlpForward after) {
    return sizes(taken.update().biases());
  }

  private static SortedMap<String, Double> sizes(List<Tensor> biases) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (int layer = 1; layer <= biases.size(); layer++) {
      Tensor bias = biases.get(layer - 1);
      values.put(
          Assumptions.name("bias", layer),
          TensorNorms.frobenius(bias) / Math.sqrt((double) bias.numel()));
    }
    return values;
  }
}
