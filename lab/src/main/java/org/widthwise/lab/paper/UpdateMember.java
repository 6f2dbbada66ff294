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
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.plan.InitScheme;
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

  private final MemberKey key;
  private final MlpShape shape;
  private final Recipe recipe;
  private final Settings settings;
  private final ImageDataset data;
  private final int examples;

  UpdateMember(
      MemberKey key,
      MlpShape shape,
      Recipe recipe,
      Settings settings,
      ImageDataset data,
      int examples) {
    this.key = key;
    this.shape = shape;
    this.recipe = recipe;
    this.settings = settings;
    this.data = data;
    this.examples = examples;
  }

  /** The name of a value: of which matrix, of which layer, which norm. */
  static String name(String matrix, int layer, String norm) {
    return matrix + "." + layer + "." + norm;
  }

  @Override
  public MemberKey key() {
    return key;
  }

  @Override
  public double work() {
    return Work.stepwise(Work.entries(shape), examples, settings.steps(), NORMS);
  }

  @Override
  public double memoryBytes() {
    return Float.BYTES * (COPIES * Work.entries(shape) + (double) examples * data.features());
  }

  @Override
  public MemberResult run(ShareListener progress) {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      Batch batch =
          RandomPixels.draw(
              data,
              settings,
              key,
              examples,
              shape.fanIn(0),
              shape.fanOut(shape.depth() - 1),
              torch.ScalarType.Float);
      Plan plan = recipe.plan(MlpParameters.of(shape));
      MlpWeights initial =
          Draws.weights(
              plan,
              InitScheme.GAUSSIAN,
              torch.ScalarType.Float,
              Draws.generator(settings, key),
              settings.device());
      SortedMap<String, Double> values = new TreeMap<>();
      try (StepwiseMlp mlp =
          StepwiseMlp.of(
              initial,
              shape.activation(),
              LOSS,
              MlpParameters.directions(Directions.named(recipe.updateRule().id()), plan, shape),
              MlpParameters.rates(plan, shape))) {
        put(values, "init", initial.weights());
        for (int step = 1; step <= settings.steps(); step++) {
          try (PointerScope stepScope = new PointerScope()) {
            if (!(mlp.step(batch) instanceof StepResult.Taken taken)) {
              return result(new TreeMap<>(), Double.NaN, step, true, start);
            }
            if (step == 1) {
              put(values, "first", taken.update().weights());
            }
            if (step == settings.steps()) {
              put(values, "last", taken.update().weights());
            }
          }
          progress.done((double) step / settings.steps());
        }
        put(values, "total", differences(mlp.weights(), initial));
        double loss = LOSS.value(mlp.forward(batch.inputs()).output(), batch.targets());
        return result(values, loss, settings.steps(), false, start);
      }
    }
  }

  private MemberResult result(
      SortedMap<String, Double> values, double loss, long steps, boolean diverged, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return new MemberResult(key, values, loss, steps, diverged, seconds);
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
