package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.core.plan.Plan;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;
import org.widthwise.torch.train.StepwiseMlp;

/**
 * One network of {@link UpdateStudy}, trained for some steps on the same batch. Its values are the
 * norms of the initial weights ({@code init}), of the first update ({@code first}), of the last
 * ({@code last}) and of their sum ({@code total}), for each layer, counted from 1.
 */
final class UpdateMember implements Member {

  private static final Loss LOSS = new Loss.MeanSquaredError();

  /** How many times all matrices are measured: at first, two updates, all that was added. */
  private static final int NORMS = 4;

  /** Weights at first and now, gradient, update, two moments of Adam, temporaries. */
  private static final double COPIES = 8;

  private final PixelNetwork network;

  UpdateMember(PixelNetwork network) {
    this.network = network;
  }

  /** The name of a value: of which matrix, of which layer, which norm. */
  static String name(String matrix, int layer, String norm) {
    return matrix + "." + layer + "." + norm;
  }

  @Override
  public MemberKey key() {
    return network.key();
  }

  @Override
  public double work() {
    return Work.stepwise(network.entries(), network.examples(), network.settings().steps(), NORMS);
  }

  @Override
  public double memoryBytes() {
    return network.memoryBytes(COPIES, Float.BYTES);
  }

  @Override
  public MemberResult run(ShareListener progress) {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      Batch batch = network.batch(torch.ScalarType.Float);
      MlpShape shape = network.shape();
      int steps = network.settings().steps();
      Plan plan = network.plan();
      MlpWeights initial = network.weights(torch.ScalarType.Float);
      SortedMap<String, Double> values = new TreeMap<>();
      try (StepwiseMlp mlp =
          StepwiseMlp.of(
              initial,
              shape.activation(),
              LOSS,
              MlpParameters.directions(
                  Directions.named(network.recipe().updateRule().id()), plan, shape),
              MlpParameters.rates(plan, shape))) {
        put(values, "init", initial.weights());
        for (int step = 1; step <= steps; step++) {
          try (PointerScope stepScope = new PointerScope()) {
            if (!(mlp.step(batch) instanceof StepResult.Taken taken)) {
              return network.result(new TreeMap<>(), Double.NaN, step, true, start);
            }
            if (step == 1) {
              put(values, "first", taken.update().weights());
            }
            if (step == steps) {
              put(values, "last", taken.update().weights());
            }
          }
          progress.done((double) step / steps);
        }
        put(values, "total", differences(mlp.weights(), initial));
        double loss = LOSS.value(mlp.forward(batch.inputs()).output(), batch.targets());
        return network.result(values, loss, steps, false, start);
      }
    }
  }

  private static List<Tensor> differences(MlpWeights after, MlpWeights before) {
    List<Tensor> differences = new ArrayList<>();
    for (int layer = 0; layer < after.depth(); layer++) {
      differences.add(after.weights().get(layer).sub(before.weights().get(layer)));
    }
    return differences;
  }

  private static void put(SortedMap<String, Double> values, String matrix, List<Tensor> byLayer) {
    for (int layer = 1; layer <= byLayer.size(); layer++) {
      MatrixNorms norms = TensorNorms.of(byLayer.get(layer - 1));
      for (TableColumn column : TableColumn.values()) {
        values.put(name(matrix, layer, column.id()), column.of(norms));
      }
      values.put(name(matrix, layer, "norm_ratio"), norms.frobenius() / norms.spectral());
    }
  }
}
