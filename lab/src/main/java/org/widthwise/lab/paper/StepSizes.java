package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.shape.Fans;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;

/**
 * What Condition 1 and Desideratum 1 speak of, layer by layer, over what they ask for: spectral
 * norms of matrices over √(n_ℓ/n_ℓ₋₁), lengths of feature vectors over √n_ℓ, averaged over
 * examples. Values are named as {@link Assumptions#name} does.
 */
final class StepSizes {

  private final MlpWeights before;
  private final MlpForward passBefore;
  private final Tensor inputs;
  private final Activation activation;

  /**
   * Measures against a network at initialisation.
   *
   * @param before its weights
   * @param passBefore its features of the inputs
   * @param inputs {@code [B, n_0]}
   * @param activation φ
   */
  StepSizes(MlpWeights before, MlpForward passBefore, Tensor inputs, Activation activation) {
    this.before = before;
    this.passBefore = passBefore;
    this.inputs = inputs;
    this.activation = activation;
  }

  /** {@code init.weight.<layer>} and {@code init.feature.<layer>}. */
  SortedMap<String, Double> initial() {
    SortedMap<String, Double> values = overTargets("init.weight", before);
    for (int layer = 1; layer <= before.depth(); layer++) {
      Tensor feature = passBefore.preactivations().get(layer - 1);
      values.put(Assumptions.name("init.feature", layer), FeatureNorms.meanNatural(feature));
    }
    return values;
  }

  /** What a step adds to the weights: {@code <time>.update.<layer>}. */
  static SortedMap<String, Double> update(String time, MlpWeights update) {
    return overTargets(time + ".update", update);
  }

  /** How far the weights are from initialisation: {@code <time>.weight_change.<layer>}. */
  SortedMap<String, Double> weightChange(String time, MlpWeights now) {
    List<Tensor> changes = new ArrayList<>();
    for (int index = 0; index < before.depth(); index++) {
      changes.add(now.weights().get(index).sub(before.weights().get(index)));
    }
    return overTargets(time + ".weight_change", new MlpWeights(changes, List.of()));
  }

  /** How far the features are from initialisation: {@code <time>.feature_change.<layer>}. */
  SortedMap<String, Double> featureChange(String time, MlpWeights now) {
    SortedMap<String, Double> values = new TreeMap<>();
    MlpForward pass = MlpForward.of(now, activation, inputs);
    for (int layer = 1; layer <= before.depth(); layer++) {
      Tensor feature = pass.preactivations().get(layer - 1);
      values.put(
          Assumptions.name(time + ".feature_change", layer),
          FeatureNorms.meanNatural(feature.sub(passBefore.preactivations().get(layer - 1))));
    }
    return values;
  }

  private static SortedMap<String, Double> overTargets(String name, MlpWeights matrices) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (int layer = 1; layer <= matrices.depth(); layer++) {
      values.put(Assumptions.name(name, layer), overTarget(matrices.weights().get(layer - 1)));
    }
    return values;
  }

  /**
   * How much the output changes if one layer alone takes its part of a step from initialisation:
   * {@code <time>.effect.<layer>}.
   */
  SortedMap<String, Double> effects(String time, MlpWeights update) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (int layer = 1; layer <= before.depth(); layer++) {
      List<Tensor> weights = new ArrayList<>(before.weights());
      weights.set(layer - 1, weights.get(layer - 1).add(update.weights().get(layer - 1)));
      MlpForward pass = MlpForward.of(new MlpWeights(weights, List.of()), activation, inputs);
      values.put(
          Assumptions.name(time + ".effect", layer),
          FeatureNorms.meanNatural(pass.output().sub(passBefore.output())));
    }
    return values;
  }

  /** NaN where an entry is not finite, which ends a diverging run but not its measures. */
  private static double overTarget(Tensor matrix) {
    Fans fans = new Fans(matrix.size(1), matrix.size(0));
    return Double.isFinite(TensorNorms.frobenius(matrix))
        ? TensorNorms.spectral(matrix) / fans.targetSpectralNorm()
        : Double.NaN;
  }
}
