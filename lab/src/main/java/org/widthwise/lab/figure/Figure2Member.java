package org.widthwise.lab.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.CompressedMlpTrainer;
import org.widthwise.torch.train.FullBatch;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.TrainingLength;
import org.widthwise.torch.train.TrainingResult;

/** One network of Figure 2: trained, then compared with what it was. */
final class Figure2Member implements Member {

  private static final int REPORTS = 100;
  private static final int SECOND = 1;
  private static final int THIRD = 2;

  /** What a training step costs beyond its arithmetic, in floating-point operations. */
  private static final double STEP_OVERHEAD = 1e6;

  private final MemberKey key;
  private final Recipe recipe;
  private final MlpShape shape;
  private final FigureSettings settings;
  private final ImageDataset data;
  private final int examples;

  Figure2Member(
      String series,
      Recipe recipe,
      long width,
      int trial,
      FigureSettings settings,
      ImageDataset data,
      int examples) {
    this.key = new MemberKey(series, width, trial);
    this.recipe = recipe;
    int n = Math.toIntExact(width);
    this.shape = MlpShape.of(Activation.RELU, data.features(), n, n, 1);
    this.settings = settings;
    this.data = data;
    this.examples = examples;
  }

  @Override
  public MemberKey key() {
    return key;
  }

  @Override
  public double work() {
    double n = key.x();
    // One product with the span of the data stands for the two with the first layer's weights.
    double first = examples < data.features() ? examples : 2.0 * data.features();
    return settings.steps() * (STEP_OVERHEAD + 2.0 * examples * (first * n + 3 * n * n));
  }

  @Override
  public double memoryBytes() {
    double n = key.x();
    double weights = n * data.features() + n * n;
    double features = (double) examples * n;
    // Weights before, during and after, with a temporary; features and gradients of two layers.
    return Float.BYTES * (5 * weights + 12 * features + (double) examples * data.features());
  }

  @Override
  public MemberResult run(ShareListener progress) throws InterruptedException {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      TwoClassTask task = TwoClassTask.draw(data, examples, settings.seed(), key.trial());
      FullBatch batch =
          new FullBatch(
              torch.tensor(task.inputs()).reshape(examples, data.features()),
              torch.tensor(task.targets()).reshape(examples, 1));
      Plan plan = recipe.plan(MlpParameters.of(shape));
      MlpWeights initial = draw(plan);
      long every = Math.max(1, settings.steps() / REPORTS);
      TrainingResult result =
          CompressedMlpTrainer.train(
              initial,
              shape.activation(),
              batch,
              MlpParameters.rates(plan, shape),
              new TrainingLength(settings.steps(), every),
              (point, weights) -> progress.done((double) point.step() / settings.steps()));
      double seconds = (System.nanoTime() - start) / 1e9;
      if (result instanceof TrainingResult.Diverged diverged) {
        return new MemberResult(key, new TreeMap<>(), Double.NaN, diverged.step(), true, seconds);
      }
      TrainingResult.Completed completed = (TrainingResult.Completed) result;
      return new MemberResult(
          key,
          measure(initial, completed.weights(), batch.inputs()),
          completed.finalLoss(),
          settings.steps(),
          false,
          seconds);
    }
  }

  /** Both parametrizations scale the same draws, so that their curves can be compared in pairs. */
  private MlpWeights draw(Plan plan) {
    Generator generator =
        Initializer.seeded((settings.seed() * 1_000_003 + key.trial()) * 1_000_003 + key.x());
    List<Tensor> weights = new ArrayList<>();
    for (PlannedParameter parameter : plan.parameters()) {
      long[] dimensions =
          parameter.shape().dimensions().stream().mapToLong(Long::longValue).toArray();
      Tensor weight = torch.zeros(dimensions, new TensorOptions(torch.ScalarType.Float));
      InitScheme.GAUSSIAN.initializer(parameter).fill(weight, generator);
      weights.add(weight);
    }
    return new MlpWeights(weights, List.of());
  }

  private SortedMap<String, Double> measure(MlpWeights before, MlpWeights after, Tensor inputs) {
    Tensor featuresBefore = secondPreactivation(before, inputs);
    Tensor featuresAfter = secondPreactivation(after, inputs);
    Tensor weightBefore = before.weights().get(SECOND);
    Tensor change = after.weights().get(SECOND).sub(weightBefore);
    Tensor readout = after.weights().get(THIRD);
    Tensor activated = shape.activation().apply(featuresAfter);
    Tensor outputs = activated.matmul(readout.t());
    SortedMap<String, Double> values = new TreeMap<>();
    values.put(
        "A", meanRatio(rowNorms(featuresAfter.sub(featuresBefore)), rowNorms(featuresBefore)));
    values.put("B", TensorNorms.spectral(change) / TensorNorms.spectral(weightBefore));
    values.put(
        "C", meanRatio(rowNorms(outputs), rowNorms(activated)) / TensorNorms.spectral(readout));
    values.put("D", TensorNorms.frobenius(change) / TensorNorms.frobenius(weightBefore));
    return values;
  }

  private Tensor secondPreactivation(MlpWeights weights, Tensor inputs) {
    Tensor first = shape.activation().apply(inputs.matmul(weights.weights().get(0).t()));
    return first.matmul(weights.weights().get(SECOND).t());
  }

  private static Tensor rowNorms(Tensor rows) {
    return rows.toType(torch.ScalarType.Double).square().sum(1).sqrt();
  }

  /** A sample whose denominator is 0, all of its units being dead, has no ratio and is left out. */
  private static double meanRatio(Tensor numerators, Tensor denominators) {
    Tensor alive = denominators.gt(new Scalar(0.0));
    return numerators
        .masked_select(alive)
        .div(denominators.masked_select(alive))
        .mean()
        .item_double();
  }
}
