package org.widthwise.lab.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpWeights;
import org.widthwise.torch.train.StepResult;
import org.widthwise.torch.train.StepwiseMlp;

/**
 * A network trained for a few steps of full batches and measured at the first of them and at the
 * last: values are named {@code start.…} and {@code end.…} for weights, {@code first.…} and {@code
 * last.…} for steps. A run that diverges keeps what was measured before.
 *
 * <p>Its targets are those of the task plus its own output at initialisation: it learns the
 * difference from that function. So the first error is the same at every width, instead of
 * containing a random output, whose noise would cover exponents.
 */
final class RuleMember implements Member {

  private static final Loss LOSS = new Loss.MeanSquaredError();

  /** How many times all matrices are measured: at the start and the end, and two updates. */
  private static final int NORMS = 4;

  private final MemberKey key;
  private final RuleNetwork network;
  private final RuleTask task;
  private final int examples;
  private final RuleMeasure measure;
  private final Settings settings;
  private final ImageDataset data;

  private RuleMember(
      MemberKey key,
      RuleNetwork network,
      RuleTask task,
      int examples,
      RuleMeasure measure,
      Settings settings,
      ImageDataset data) {
    this.key = key;
    this.network = network;
    this.task = task;
    this.examples = examples;
    this.measure = measure;
    this.settings = settings;
    this.data = data;
  }

  /** The members of a series at one place of the axis, one for each trial. */
  static List<Member> trials(
      String series,
      long x,
      RuleNetwork network,
      RuleTask task,
      int examples,
      RuleMeasure measure,
      Settings settings,
      ImageDataset data) {
    List<Member> members = new ArrayList<>();
    for (int trial = 0; trial < settings.trials(); trial++) {
      MemberKey key = new MemberKey(series, x, trial);
      members.add(new RuleMember(key, network, task, examples, measure, settings, data));
    }
    return members;
  }

  @Override
  public MemberKey key() {
    return key;
  }

  @Override
  public double work() {
    return Work.stepwise(entries(), examples, settings.steps(), NORMS);
  }

  @Override
  public double memoryBytes() {
    double features =
        network.shape().widths().stream().mapToDouble(Integer::doubleValue).sum() * examples;
    // Weights, their copies, gradients, the rule's two moments, update and temporaries.
    return Float.BYTES * (10 * entries() + 20 * features);
  }

  private double entries() {
    return Work.entries(network.shape());
  }

  @Override
  public MemberResult run(ShareListener progress) throws InterruptedException {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      MlpWeights initial =
          Draws.weights(
              network.plan(),
              InitScheme.GAUSSIAN,
              torch.ScalarType.Float,
              Draws.generator(settings, key),
              settings.device());
      try (StepwiseMlp mlp =
          StepwiseMlp.of(
              initial, network.shape().activation(), LOSS, network.directions(), network.rates())) {
        Batch drawn = task.draw(data, settings.seed(), key.trial()).on(settings.device());
        Tensor ownOutput = mlp.forward(drawn.inputs()).output();
        Batch batch = new Batch(drawn.inputs(), drawn.targets().add(ownOutput));
        SortedMap<String, Double> values = new TreeMap<>();
        put(values, "start", measure.weights(mlp.weights()));
        for (int step = 1; step <= settings.steps(); step++) {
          if (Thread.interrupted()) {
            throw new InterruptedException("training was interrupted at step " + step);
          }
          if (!step(mlp, batch, step, values)) {
            return result(values, Double.NaN, mlp.steps(), start);
          }
          progress.done((double) step / settings.steps());
        }
        put(values, "end", measure.weights(mlp.weights()));
        double loss = LOSS.value(mlp.forward(batch.inputs()).output(), batch.targets());
        values.put("loss", loss);
        return result(values, loss, mlp.steps(), start);
      }
    }
  }

  private boolean step(StepwiseMlp mlp, Batch batch, int number, SortedMap<String, Double> values) {
    try (PointerScope scope = new PointerScope()) {
      if (!(mlp.step(batch) instanceof StepResult.Taken taken)) {
        return false;
      }
      if (number == 1 || number == settings.steps()) {
        MlpForward after = mlp.forward(batch.inputs());
        SortedMap<String, Double> sizes = measure.step(taken, after);
        if (number == 1) {
          put(values, "first", sizes);
        }
        if (number == settings.steps()) {
          put(values, "last", sizes);
        }
      }
      return true;
    }
  }

  private MemberResult result(
      SortedMap<String, Double> values, double loss, long steps, long start) {
    boolean diverged = !Double.isFinite(loss);
    return new MemberResult(
        key,
        values,
        diverged ? Double.NaN : loss,
        steps,
        diverged,
        (System.nanoTime() - start) / 1e9);
  }

  private static void put(
      SortedMap<String, Double> values, String time, SortedMap<String, Double> measured) {
    measured.forEach((name, value) -> values.put(time + "." + name, value));
  }
}
