package org.widthwise.lab.paper;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.StepResult;

/**
 * The second half of Condition 1: {@code update.<layer>}, ‖ΔW_ℓ‖₂ over its target √(n_ℓ/n_{ℓ−1}).
 */
final class UpdateSizes implements RuleMeasure {

  @Override
  public SortedMap<String, Double> step(StepResult.Taken taken, MlpForward after) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (int layer = 1; layer <= taken.update().depth(); layer++) {
      Tensor update = taken.update().weights().get(layer - 1);
      values.put(Assumptions.name("update", layer), TensorNorms.of(update).naturalSpectralNorm());
    }
    return values;
  }
}
