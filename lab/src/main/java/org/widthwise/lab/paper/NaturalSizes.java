package org.widthwise.lab.paper;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.norm.NaturalNorms;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;

/**
 * Sizes in natural norms (appendix E) of a network on tokens: {@code weight.<layer>} and {@code
 * update.<layer>} for Condition 2, {@code features.<layer>} and {@code change.<layer>}, means over
 * the batch, for Desideratum 2. The first layer's input is sparse; {@code weight.as_dense} and
 * {@code update.as_dense} measure it as if it were dense, by its largest singular value.
 */
final class NaturalSizes implements RuleMeasure {

  private static final String AS_DENSE = ".as_dense";

  @Override
  public SortedMap<String, Double> weights(MlpWeights weights) {
    return sizes("weight", weights);
  }

  @Override
  public SortedMap<String, Double> step(StepResult.Taken taken, MlpForward after) {
    SortedMap<String, Double> values = sizes("update", taken.update());
    for (int layer = 1; layer < after.preactivations().size(); layer++) {
      Tensor features = after.preactivations().get(layer - 1);
      Tensor before = taken.pass().forward().preactivations().get(layer - 1);
      values.put(Assumptions.name("features", layer), FeatureNorms.meanNatural(features));
      values.put(Assumptions.name("change", layer), FeatureNorms.meanNatural(features.sub(before)));
    }
    return values;
  }

  private static SortedMap<String, Double> sizes(String name, MlpWeights weights) {
    SortedMap<String, Double> values = new TreeMap<>();
    Tensor embedding = weights.weights().get(0);
    values.put(Assumptions.name(name, 1), sparseInput(embedding));
    values.put(name + AS_DENSE, TensorNorms.of(embedding).naturalSpectralNorm());
    for (int layer = 2; layer <= weights.depth(); layer++) {
      values.put(
          Assumptions.name(name, layer),
          TensorNorms.of(weights.weights().get(layer - 1)).naturalSpectralNorm());
    }
    return values;
  }

  /** Of a matrix {@code [width, vocabulary]}, which holds a token's features in a column. */
  private static double sparseInput(Tensor matrix) {
    try (PointerScope scope = new PointerScope()) {
      Tensor table = matrix.t().cpu().toType(torch.ScalarType.Double).contiguous();
      double[] entries = new double[Math.toIntExact(table.numel())];
      table.data_ptr_double().get(entries);
      return NaturalNorms.embedding(entries, Math.toIntExact(matrix.size(0)));
    }
  }
}
