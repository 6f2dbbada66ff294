package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.train.MlpWeights;

/** The random numbers of the paper's experiments, from a study's seed and a member's key. */
final class Draws {

  /** A prime, so that few combinations of seed, trial and width share a generator's seed. */
  private static final long FACTOR = 1_000_003;

  private Draws() {}

  /**
   * The generator of a member. It does not depend on the member's series: what is compared side by
   * side scales the same draws, so that curves can be compared in pairs.
   */
  static Generator generator(Settings settings, MemberKey key) {
    return Initializer.seeded((settings.seed() * FACTOR + key.trial()) * FACTOR + key.x());
  }

  /**
   * The initial weights of a network, and its biases if it is planned with any. An embedding table
   * is planned row by row, {@code [vocabulary, width]}, and becomes a matrix on one-hot inputs,
   * {@code [width, vocabulary]}.
   *
   * @param type of the entries
   * @param device where they go; they are drawn on the CPU, the same everywhere
   */
  static MlpWeights weights(
      Plan plan,
      InitScheme scheme,
      torch.ScalarType type,
      Generator generator,
      ComputeDevice device) {
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (PlannedParameter parameter : plan.parameters()) {
      long[] dimensions =
          parameter.shape().dimensions().stream().mapToLong(Long::longValue).toArray();
      Tensor drawn = torch.zeros(dimensions, new TensorOptions(type));
      scheme.initializer(parameter).fill(drawn, generator);
      switch (parameter.shape().role()) {
        case BIAS -> biases.add(drawn);
        case EMBEDDING -> weights.add(drawn.t().contiguous());
        default -> weights.add(drawn);
      }
    }
    return new MlpWeights(weights, biases).on(device);
  }
}
