package org.widthwise.lab.paper;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpPass;
import org.widthwise.torch.train.MlpWeights;

/** What appendix C measures to check Assumptions 1 to 3, layer by layer. */
final class Assumptions {

  private Assumptions() {}

  /** The name of a layer's value, layers counted from 1 as in the paper. */
  static String name(String value, int layer) {
    return value + "." + layer;
  }

  /**
   * How far an update is from cancelling what it is added to (Assumption 1): {@code
   * weights.<layer>}, the ratio of both sides of eq. 26, and {@code features.<layer>}, that of eq.
   * 27 averaged over examples.
   */
  static SortedMap<String, Double> noCancellation(
      MlpWeights before, MlpForward passBefore, MlpWeights after, MlpForward passAfter) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (int layer = 1; layer <= before.depth(); layer++) {
      Tensor old = before.weights().get(layer - 1);
      Tensor now = after.weights().get(layer - 1);
      values.put(
          name("weights", layer),
          TensorNorms.spectral(now)
              / (TensorNorms.spectral(old) + TensorNorms.spectral(now.sub(old))));
      Tensor oldFeatures = passBefore.preactivations().get(layer - 1);
      Tensor newFeatures = passAfter.preactivations().get(layer - 1);
      values.put(
          name("features", layer),
          FeatureNorms.meanRatio(
              FeatureNorms.norms(newFeatures),
              FeatureNorms.norms(oldFeatures)
                  .add(FeatureNorms.norms(newFeatures.sub(oldFeatures)))));
    }
    return values;
  }

  /**
   * How much of a feature vector passes the nonlinearity (Assumption 2): {@code
   * activation.<layer>}, the mean of ‖h′‖₂/‖h‖₂.
   */
  static SortedMap<String, Double> activation(MlpForward pass) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (int layer = 1; layer < pass.preactivations().size(); layer++) {
      values.put(
          name("activation", layer),
          FeatureNorms.meanRatio(
              FeatureNorms.norms(pass.activations().get(layer - 1)),
              FeatureNorms.norms(pass.preactivations().get(layer - 1))));
    }
    return values;
  }

  /**
   * How large an example's own part of a gradient step is beside the whole (Assumption 3): {@code
   * own.<layer>}, the mean of ‖(1/B)ΔW⁽ⁱ⁾h(xᵢ)‖₂/‖ΔW·h(xᵢ)‖₂, h being what enters the layer. With K
   * the Gram matrix of the incoming vectors and G the gradients by the preactivations, rows of G
   * times Kᵢᵢ are the numerators and the rows of K·G the denominators.
   */
  static SortedMap<String, Double> ownPart(MlpPass pass, Tensor inputs) {
    SortedMap<String, Double> values = new TreeMap<>();
    List<Tensor> gradients = pass.preactivationGradients();
    for (int layer = 1; layer <= gradients.size(); layer++) {
      Tensor incoming =
          (layer == 1 ? inputs : pass.forward().activations().get(layer - 2))
              .toType(torch.ScalarType.Double);
      Tensor gradient = gradients.get(layer - 1).toType(torch.ScalarType.Double);
      Tensor gram = incoming.matmul(incoming.t());
      Tensor own = FeatureNorms.norms(gradient).mul(gram.diagonal());
      Tensor all = FeatureNorms.norms(gram.matmul(gradient));
      values.put(
          name("own", layer),
          gradient.size(1) == 1
              ? FeatureNorms.medianRatio(own, all)
              : FeatureNorms.meanRatio(own, all));
    }
    return values;
  }
}
