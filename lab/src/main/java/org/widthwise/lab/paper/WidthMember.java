package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.TwoClassTask;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.JointMember;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.lab.run.ProbedMember;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.BatchedMlpTrainer;
import org.widthwise.torch.train.CompressedMlpTrainer;
import org.widthwise.torch.train.FullBatch;
import org.widthwise.torch.train.LayerRates;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpPass;
import org.widthwise.torch.train.MlpTask;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.TrainingLength;
import org.widthwise.torch.train.TrainingListener;
import org.widthwise.torch.train.TrainingResult;

/** One network of Figures 2 and 4 to 6: trained, then compared with what it was. */
final class WidthMember implements JointMember, ProbedMember {

  private static final Loss LOSS = new Loss.MeanSquaredError();
  private static final int REPORTS = 100;
  private static final int SECOND = 1;
  private static final int THIRD = 2;

  private final MemberKey key;
  private final Recipe recipe;
  private final MlpShape shape;
  private final Settings settings;
  private final ImageDataset data;
  private final int examples;

  WidthMember(
      String series,
      Recipe recipe,
      long width,
      int trial,
      Settings settings,
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
    return Work.MEMBER + settings.steps() * (Work.STEP + 2.0 * examples * (first * n + 3 * n * n));
  }

  @Override
  public double memoryBytes() {
    double n = key.x();
    double weights = n * data.features() + n * n;
    double features = (double) examples * n;
    // Weights before, during, after and one step on, a gradient, temporaries; features and their
    // gradients of two layers in two passes, some of them in float64.
    return Float.BYTES * (8 * weights + 30 * features + 3.0 * examples * data.features());
  }

  @Override
  public int steps() {
    return settings.steps();
  }

  @Override
  public Member shortened(int steps) {
    return new WidthMember(
        key.series(), recipe, key.x(), key.trial(), settings.withSteps(steps), data, examples);
  }

  @Override
  public MemberResult run(ShareListener progress) throws InterruptedException {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      Training training = training(progress);
      MlpTask task = training.task();
      TrainingResult result =
          CompressedMlpTrainer.train(
              task.initial(),
              shape.activation(),
              task.batch(),
              task.rates(),
              length(),
              task.listener());
      return result(training, result, (System.nanoTime() - start) / 1e9);
    }
  }

  @Override
  public Optional<Object> company() {
    return settings.device().isCpu()
        ? Optional.empty()
        : Optional.of(List.of(shape, examples, settings));
  }

  @Override
  public List<MemberResult> runTogether(List<JointMember> members, ShareListener progress)
      throws InterruptedException {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      List<WidthMember> own = members.stream().map(WidthMember.class::cast).toList();
      List<Training> trainings = new ArrayList<>();
      for (WidthMember member : own) {
        trainings.add(member.training(member.equals(own.get(0)) ? progress : share -> {}));
      }
      List<TrainingResult> trained =
          BatchedMlpTrainer.train(
              trainings.stream().map(Training::task).toList(), shape.activation(), length());
      double seconds = (System.nanoTime() - start) / 1e9 / own.size();
      List<MemberResult> results = new ArrayList<>();
      for (int i = 0; i < own.size(); i++) {
        results.add(own.get(i).result(trainings.get(i), trained.get(i), seconds));
      }
      return results;
    }
  }

  /**
   * A training that has not begun.
   *
   * @param learnt takes Assumption 3 where the loss is small first
   */
  private record Training(MlpTask task, Batch examined, SortedMap<String, Double> learnt) {}

  private Training training(ShareListener progress) {
    TwoClassTask task = TwoClassTask.draw(data, examples, settings.seed(), key.trial());
    FullBatch batch =
        new FullBatch(
                torch.tensor(task.inputs()).reshape(examples, data.features()),
                torch.tensor(task.targets()).reshape(examples, 1))
            .on(settings.device());
    Plan plan = recipe.plan(MlpParameters.of(shape));
    MlpWeights initial =
        Draws.weights(
            plan,
            InitScheme.GAUSSIAN,
            torch.ScalarType.Float,
            Draws.generator(settings, key),
            settings.device());
    Batch examined = Batch.of(batch);
    SortedMap<String, Double> learnt = new TreeMap<>();
    TrainingListener listener =
        (point, weights) -> {
          if (learnt.isEmpty() && point.loss() < WidthStudy.learntLoss()) {
            learnt.putAll(ownPart(weights.get(), examined));
          }
          progress.done((double) point.step() / settings.steps());
        };
    return new Training(
        new MlpTask(initial, batch, MlpParameters.rates(plan, shape), listener), examined, learnt);
  }

  private TrainingLength length() {
    return new TrainingLength(settings.steps(), Math.max(1, settings.steps() / REPORTS));
  }

  private MemberResult result(Training training, TrainingResult result, double seconds) {
    if (result instanceof TrainingResult.Diverged diverged) {
      return new MemberResult(key, new TreeMap<>(), Double.NaN, diverged.step(), true, seconds);
    }
    TrainingResult.Completed completed = (TrainingResult.Completed) result;
    MlpTask task = training.task();
    return new MemberResult(
        key,
        measure(
            task.initial(),
            completed.weights(),
            training.learnt(),
            training.examined(),
            task.rates()),
        completed.finalLoss(),
        settings.steps(),
        false,
        seconds);
  }

  /**
   * What the panels show.
   *
   * @param learnt Assumption 3 where the loss was small first; empty if it never was
   */
  private SortedMap<String, Double> measure(
      MlpWeights before,
      MlpWeights after,
      SortedMap<String, Double> learnt,
      Batch batch,
      LayerRates rates) {
    MlpPass first = MlpPass.of(before, shape.activation(), LOSS, batch);
    MlpPass last = MlpPass.of(after, shape.activation(), LOSS, batch);
    SortedMap<String, Double> values = new TreeMap<>();
    values.putAll(figure2(before, first.forward(), after, last.forward()));
    stamped(
        values,
        "training",
        Assumptions.noCancellation(before, first.forward(), after, last.forward()));
    stamped(values, "init", assumptions(before, first, batch, rates));
    stamped(values, "trained", assumptions(after, last, batch, rates));
    stamped(values, "init", ownPart(before, batch));
    stamped(values, "trained", learnt.isEmpty() ? ownPart(after, batch) : learnt);
    stamped(values, "init", norms(before));
    stamped(values, "trained", norms(after));
    return values;
  }

  private static void stamped(
      SortedMap<String, Double> values, String time, SortedMap<String, Double> measured) {
    measured.forEach((name, value) -> values.put(time + "." + name, value));
  }

  /** Assumption 3 for a single step from some weights. */
  private SortedMap<String, Double> ownPart(MlpWeights weights, Batch batch) {
    return Assumptions.ownPart(
        MlpPass.of(weights, shape.activation(), LOSS, batch), batch.inputs());
  }

  /** Assumptions 1 and 2 for a single step from some weights. */
  private SortedMap<String, Double> assumptions(
      MlpWeights weights, MlpPass pass, Batch batch, LayerRates rates) {
    SortedMap<String, Double> values = new TreeMap<>();
    MlpWeights stepped = weights.copy();
    for (int layer = 0; layer < stepped.depth(); layer++) {
      stepped
          .weights()
          .get(layer)
          .sub_(pass.gradients().weights().get(layer), new Scalar(rates.weights().get(layer)));
    }
    MlpForward after = MlpForward.of(stepped, shape.activation(), batch.inputs());
    values.putAll(Assumptions.noCancellation(weights, pass.forward(), stepped, after));
    values.putAll(Assumptions.activation(pass.forward()));
    return values;
  }

  /** Proposition 4: the norms of the hidden matrix, the only one whose sides both are n. */
  private static SortedMap<String, Double> norms(MlpWeights weights) {
    Tensor hidden = weights.weights().get(SECOND);
    return new TreeMap<>(
        Map.of(
            "spectral", TensorNorms.spectral(hidden), "frobenius", TensorNorms.frobenius(hidden)));
  }

  /** The four panels of Figure 2. */
  private static SortedMap<String, Double> figure2(
      MlpWeights before, MlpForward first, MlpWeights after, MlpForward last) {
    Tensor featuresBefore = first.preactivations().get(SECOND);
    Tensor featuresAfter = last.preactivations().get(SECOND);
    Tensor weightBefore = before.weights().get(SECOND);
    Tensor change = after.weights().get(SECOND).sub(weightBefore);
    Tensor readout = after.weights().get(THIRD);
    SortedMap<String, Double> values = new TreeMap<>();
    values.put(
        "A",
        FeatureNorms.meanRatio(
            FeatureNorms.norms(featuresAfter.sub(featuresBefore)),
            FeatureNorms.norms(featuresBefore)));
    values.put("B", TensorNorms.spectral(change) / TensorNorms.spectral(weightBefore));
    values.put(
        "C",
        FeatureNorms.meanRatio(
                FeatureNorms.norms(last.output()),
                FeatureNorms.norms(last.activations().get(SECOND)))
            / TensorNorms.spectral(readout));
    values.put("D", TensorNorms.frobenius(change) / TensorNorms.frobenius(weightBefore));
    return values;
  }
}
