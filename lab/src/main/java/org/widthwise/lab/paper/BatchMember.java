package org.widthwise.lab.paper;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Curve;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.GradientDirection;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpPass;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;
import org.widthwise.torch.train.StepwiseMlp;

/**
 * One network of Figures 1 and 3: its gradient step on a subset of each size, before and after it
 * was trained.
 */
final class BatchMember implements Member {

  /** When a value was measured, before the dot in its name. */
  static final String INITIAL = "init";

  /** When a value was measured, before the dot in its name. */
  static final String TRAINED = "trained";

  /** Reading images, standardising them and singular values take about as long as the passes. */
  private static final double OTHERWISE = 1.8;

  private static final Loss LOSS = new Loss.MeanSquaredError();

  /** The draw of the training set; that of a subset is its size. */
  private static final long TRAINING_SET = 0;

  private final MemberKey key;
  private final Recipe recipe;
  private final MlpShape shape;
  private final Settings settings;
  private final ImageDataset data;

  BatchMember(
      String series,
      Recipe recipe,
      MlpShape shape,
      int trial,
      Settings settings,
      ImageDataset data) {
    this.key = new MemberKey(series, settings.widths().get(0), trial);
    this.recipe = recipe;
    this.shape = shape;
    this.settings = settings;
    this.data = data;
  }

  @Override
  public MemberKey key() {
    return key;
  }

  @Override
  public double work() {
    double n = key.x();
    // Forward and by the weights; also by the features, but for the input.
    double example = 4.0 * data.features() * n + 6 * n * n;
    double passes = example * (trainingExamples() + 2.0 * measuredExamples());
    return Work.MEMBER + settings.steps() * Work.STEP + OTHERWISE * passes;
  }

  private double trainingExamples() {
    return (double) settings.steps() * BatchStudy.MINIBATCH;
  }

  private double measuredExamples() {
    return settings.batches().stream().mapToDouble(Long::doubleValue).sum();
  }

  @Override
  public double memoryBytes() {
    double n = key.x();
    double greatest = settings.batches().get(settings.batches().size() - 1);
    double images = data.features() * (BatchStudy.TRAINING_EXAMPLES + 4 * greatest);
    double weights = n * data.features() + n * n;
    // Two passes' features and gradients, some of them in float64; weights, gradients, updates.
    return Float.BYTES * (images + 30 * greatest * n + 8 * weights);
  }

  @Override
  public MemberResult run(ShareListener progress) throws InterruptedException {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      Plan plan = recipe.plan(MlpParameters.of(shape));
      Generator generator = Draws.generator(settings, key);
      MlpWeights initial =
          Draws.weights(
              plan, InitScheme.GAUSSIAN, torch.ScalarType.Float, generator, settings.device());
      Trained trained = train(initial, plan, generator, progress);
      SortedMap<String, Double> values = new TreeMap<>();
      for (long size : settings.batches()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while measuring");
        }
        try (PointerScope measuring = new PointerScope()) {
          Batch batch = ClassTask.draw(data, Math.toIntExact(size), settings, size, key.trial());
          values.putAll(measured(INITIAL, initial, batch));
          if (!trained.diverged()) {
            values.putAll(measured(TRAINED, trained.weights(), batch));
          }
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new MemberResult(
          key, values, trained.loss(), trained.steps(), trained.diverged(), seconds);
    }
  }

  /**
   * What came of training.
   *
   * @param loss over all of the training set; NaN if it stopped being finite
   */
  private record Trained(MlpWeights weights, double loss, long steps) {
    boolean diverged() {
      return Double.isNaN(loss);
    }
  }

  private Trained train(MlpWeights initial, Plan plan, Generator generator, ShareListener progress)
      throws InterruptedException {
    // The weights belong to the scope of the whole run, the training set to its own.
    try (StepwiseMlp mlp =
            StepwiseMlp.of(
                initial,
                shape.activation(),
                LOSS,
                MlpParameters.directions(new GradientDirection(), plan, shape),
                MlpParameters.rates(plan, shape));
        PointerScope training = new PointerScope()) {
      Batch examples =
          ClassTask.draw(data, BatchStudy.TRAINING_EXAMPLES, settings, TRAINING_SET, key.trial());
      double share = trainingExamples() / (trainingExamples() + 2 * measuredExamples());
      for (int step = 1; step <= settings.steps(); step++) {
        if (Thread.interrupted()) {
          throw new InterruptedException("training was interrupted after " + (step - 1) + " steps");
        }
        try (PointerScope one = new PointerScope()) {
          if (mlp.step(examples.select(minibatch(generator))) instanceof StepResult.Diverged) {
            return new Trained(initial, Double.NaN, step);
          }
        }
        progress.done(share * step / settings.steps());
      }
      double loss = LOSS.value(mlp.forward(examples.inputs()).output(), examples.targets());
      return new Trained(
          mlp.weights(), Double.isFinite(loss) ? loss : Double.NaN, settings.steps());
    }
  }

  /** Which examples of the training set are in the next minibatch. */
  private static Tensor minibatch(Generator generator) {
    return torch.randint(
        BatchStudy.TRAINING_EXAMPLES,
        new long[] {BatchStudy.MINIBATCH},
        new GeneratorOptional(generator),
        new TensorOptions(torch.ScalarType.Long));
  }

  private SortedMap<String, Double> measured(String time, MlpWeights weights, Batch batch) {
    SortedMap<String, Double> values = new TreeMap<>();
    UpdateGeometry.of(MlpPass.of(weights, shape.activation(), LOSS, batch))
        .forEach((name, value) -> values.put(Curve.at(time + "." + name, batch.size()), value));
    return values;
  }
}
