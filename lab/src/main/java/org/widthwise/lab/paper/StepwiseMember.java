package org.widthwise.lab.paper;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.ProbedMember;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;
import org.widthwise.torch.train.StepwiseMlp;

/**
 * A perceptron n₀–n–n–1 on {@link PooledTask}, trained for a few steps of full batches under any
 * recipe; what {@link StepSizes} measures of the first step, of step √T and of the last, T. A run
 * that diverges keeps what was measured before.
 *
 * <p>Its targets are ±1 plus its own output at initialisation: it trains the difference from that
 * function. So the first error is ±1 at every width and under every scheme, instead of containing a
 * random output that is Θ(1) under some and decays under others, whose noise would cover exponents.
 */
final class StepwiseMember implements ProbedMember {

  /** B, the number of images, which are all in each batch. */
  static final int EXAMPLES = 64;

  private static final Loss LOSS = new Loss.MeanSquaredError();

  /** How many times all matrices are measured: at first, three updates, all that was added. */
  private static final int NORMS = 5;

  private final MemberKey key;
  private final Recipe recipe;
  private final InitScheme scheme;
  private final Settings settings;
  private final ImageDataset data;
  private final MlpShape shape;

  /**
   * A member.
   *
   * @param recipe at this width
   * @param scheme how the initial weights are drawn
   */
  StepwiseMember(
      MemberKey key, Recipe recipe, InitScheme scheme, Settings settings, ImageDataset data) {
    this.key = key;
    this.recipe = recipe;
    this.scheme = scheme;
    this.settings = settings;
    this.data = data;
    int n = Math.toIntExact(key.x());
    this.shape = MlpShape.of(Activation.RELU, PooledTask.inputDimension(data), n, n, 1);
  }

  @Override
  public MemberKey key() {
    return key;
  }

  @Override
  public double work() {
    return Work.stepwise((double) key.x() * key.x(), EXAMPLES, settings.steps(), NORMS);
  }

  @Override
  public double memoryBytes() {
    double n = key.x();
    // Weights before and during, gradient, direction, update, temporaries; features.
    return Float.BYTES * (10 * n * n + 30 * n * EXAMPLES);
  }

  @Override
  public int steps() {
    return settings.steps();
  }

  @Override
  public Member shortened(int steps) {
    return new StepwiseMember(key, recipe, scheme, settings.withSteps(steps), data);
  }

  @Override
  public MemberResult run(ShareListener progress) throws InterruptedException {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      Plan plan = recipe.plan(MlpParameters.of(shape));
      MlpWeights initial =
          Draws.weights(
              plan,
              scheme,
              torch.ScalarType.Float,
              Draws.generator(settings, key),
              settings.device());
      try (StepwiseMlp mlp =
          StepwiseMlp.of(
              initial,
              shape.activation(),
              LOSS,
              MlpParameters.directions(Directions.named(recipe.updateRule().id()), plan, shape),
              MlpParameters.rates(plan, shape))) {
        SortedMap<String, Double> values = new TreeMap<>();
        double loss = train(mlp, initial, values, progress);
        boolean diverged = !Double.isFinite(loss);
        values.put("diverged", diverged ? 1.0 : 0.0);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new MemberResult(
            key, values, diverged ? Double.NaN : loss, mlp.steps(), diverged, seconds);
      }
    }
  }

  /** Returns the loss in the end, NaN or infinite where training diverged. */
  private double train(
      StepwiseMlp mlp, MlpWeights initial, SortedMap<String, Double> values, ShareListener progress)
      throws InterruptedException {
    Batch task = PooledTask.draw(data, EXAMPLES, settings, key.trial());
    MlpForward before = mlp.forward(task.inputs());
    Batch batch = new Batch(task.inputs(), task.targets().add(before.output()));
    StepSizes sizes = new StepSizes(initial, before, task.inputs(), shape.activation());
    values.putAll(sizes.initial());
    int steps = settings.steps();
    long middle = Math.round(Math.sqrt(steps));
    for (int step = 1; step <= steps; step++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted in step " + step);
      }
      try (PointerScope scope = new PointerScope()) {
        if (!(mlp.step(batch) instanceof StepResult.Taken taken)) {
          return Double.NaN;
        }
        if (step == 1) {
          values.putAll(StepSizes.update("first", taken.update()));
          values.putAll(sizes.featureChange("first", mlp.weights()));
          values.putAll(sizes.effects("first", taken.update()));
        }
        if (step == middle) {
          values.putAll(StepSizes.update("middle", taken.update()));
          values.putAll(sizes.featureChange("middle", mlp.weights()));
        }
        if (step == steps) {
          Tensor output = mlp.forward(task.inputs()).output();
          double loss = LOSS.value(output, batch.targets());
          if (Double.isFinite(loss)) {
            values.putAll(StepSizes.update("last", taken.update()));
            values.putAll(sizes.weightChange("last", mlp.weights()));
            values.putAll(sizes.featureChange("last", mlp.weights()));
          }
          return loss;
        }
      }
      progress.done((double) step / steps);
    }
    throw new IllegalStateException("a run has at least one step, not " + steps);
  }
}
