package org.widthwise.lab.paper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.CompressedMlpTrainer;
import org.widthwise.torch.train.FullBatch;
import org.widthwise.torch.train.LossPoint;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.TrainingLength;
import org.widthwise.torch.train.TrainingResult;

/**
 * Trains a network under μP and then, from the same draws, under NTP and how it may be rescaled,
 * and measures how far each is from μP: {@code loss.<way>}, the largest difference of losses over
 * the larger of both, along the training; {@code outputs.<way>}, the difference of the outputs at
 * the end over the size of μP's; {@code hidden.<way>}, that of what W₂ has moved by.
 */
final class RescaleMember implements Member {

  /** Output over √n, rates times n. */
  static final String BOTH = "both";

  /** Output over √n, rates as they are. */
  static final String OUTPUT = "output";

  /** NTP as it is. */
  static final String NEITHER = "neither";

  /** At how many times losses are compared, besides the start. */
  static final int REPORTS = 100;

  private static final int SECOND = 1;

  private final MemberKey key;
  private final torch.ScalarType type;
  private final boolean controls;
  private final Settings settings;
  private final ImageDataset data;
  private final MlpShape shape;

  /**
   * A member.
   *
   * @param type in which it is trained
   * @param controls whether the ways that are not μP are trained too
   */
  RescaleMember(
      MemberKey key,
      torch.ScalarType type,
      boolean controls,
      Settings settings,
      ImageDataset data) {
    this.key = key;
    this.type = type;
    this.controls = controls;
    this.settings = settings;
    this.data = data;
    int n = Math.toIntExact(key.x());
    this.shape = MlpShape.of(Activation.RELU, data.features(), n, n, 1);
  }

  @Override
  public MemberKey key() {
    return key;
  }

  @Override
  public double work() {
    double n = key.x();
    double examples = WidthStudy.examples();
    double step = Work.STEP + 2 * examples * (examples * n + 3 * n * n);
    return runs() * settings.steps() * step * bytes() / Float.BYTES;
  }

  @Override
  public double memoryBytes() {
    double n = key.x();
    double examples = WidthStudy.examples();
    double weights = n * data.features() + n * n;
    return bytes() * (10 * weights + 30 * examples * n + 4 * examples * data.features());
  }

  private double runs() {
    return controls ? 4 : 2;
  }

  private double bytes() {
    return type == torch.ScalarType.Double ? Double.BYTES : Float.BYTES;
  }

  /** What is left of a training. */
  private record Trained(List<Double> losses, Tensor outputs, Tensor hiddenChange) {}

  @Override
  public MemberResult run(ShareListener progress) throws InterruptedException {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      Map<String, RescaledOutput> ways = new LinkedHashMap<>();
      double root = Math.sqrt((double) key.x());
      ways.put(BOTH, new RescaledOutput(root, key.x()));
      if (controls) {
        ways.put(OUTPUT, new RescaledOutput(root, 1));
        ways.put(NEITHER, new RescaledOutput(1, 1));
      }
      SortedMap<String, Double> values = new TreeMap<>();
      Optional<Trained> reference =
          train(Parametrizations.MUP, new RescaledOutput(1, 1), 0, progress);
      boolean diverged = reference.isEmpty();
      int run = 1;
      for (Map.Entry<String, RescaledOutput> way : ways.entrySet()) {
        Optional<Trained> other = train(Parametrizations.NTP, way.getValue(), run++, progress);
        if (reference.isPresent() && other.isPresent()) {
          compare(reference.get(), other.get())
              .forEach((name, value) -> values.put(name + "." + way.getKey(), value));
        }
        diverged |= other.isEmpty();
      }
      List<Double> losses = reference.map(Trained::losses).orElse(List.of(Double.NaN));
      return new MemberResult(
          key,
          values,
          losses.get(losses.size() - 1),
          settings.steps(),
          diverged,
          (System.nanoTime() - start) / 1e9);
    }
  }

  private Optional<Trained> train(
      Parametrization parametrization, RescaledOutput rescaled, int run, ShareListener progress)
      throws InterruptedException {
    FullBatch batch = batch();
    Plan plan = WidthStudy.recipe(parametrization, data.features()).plan(MlpParameters.of(shape));
    MlpWeights initial =
        Draws.weights(
            plan, InitScheme.GAUSSIAN, type, Draws.generator(settings, key), settings.device());
    long every = Math.max(1, settings.steps() / REPORTS);
    TrainingResult result =
        CompressedMlpTrainer.train(
            initial,
            shape.activation(),
            rescaled.batch(batch),
            rescaled.rates(MlpParameters.rates(plan, shape)),
            new TrainingLength(settings.steps(), every),
            (point, weights) ->
                progress.done((run + (double) point.step() / settings.steps()) / runs()));
    if (!(result instanceof TrainingResult.Completed completed)) {
      return Optional.empty();
    }
    MlpWeights weights = completed.weights();
    return Optional.of(
        new Trained(
            losses(completed.losses(), rescaled),
            rescaled.outputs(MlpForward.of(weights, shape.activation(), batch.inputs()).output()),
            weights.weights().get(SECOND).sub(initial.weights().get(SECOND))));
  }

  private FullBatch batch() {
    int examples = WidthStudy.examples();
    TwoClassTask task = TwoClassTask.draw(data, examples, settings.seed(), key.trial());
    return new FullBatch(
            torch.tensor(task.inputs()).toType(type).reshape(examples, data.features()),
            torch.tensor(task.targets()).toType(type).reshape(examples, 1))
        .on(settings.device());
  }

  private static List<Double> losses(List<LossPoint> points, RescaledOutput rescaled) {
    return points.stream().map(point -> rescaled.loss(point.loss())).toList();
  }

  private static Map<String, Double> compare(Trained reference, Trained other) {
    double loss = 0;
    for (int i = 0; i < reference.losses().size(); i++) {
      double a = reference.losses().get(i);
      double b = other.losses().get(i);
      loss = Math.max(loss, Math.abs(a - b) / Math.max(a, b));
    }
    return Map.of(
        "loss",
        loss,
        "outputs",
        relativeDifference(other.outputs(), reference.outputs()),
        "hidden",
        relativeDifference(other.hiddenChange(), reference.hiddenChange()));
  }

  private static double relativeDifference(Tensor tensor, Tensor reference) {
    return TensorNorms.frobenius(tensor.sub(reference)) / TensorNorms.frobenius(reference);
  }
}
