package org.widthwise.sweep.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.Provenance;
import org.widthwise.lab.train.FirstUpdates;
import org.widthwise.lab.train.StepListener;
import org.widthwise.lab.train.TrainingOutcome;
import org.widthwise.lab.train.TrainingRun;
import org.widthwise.sweep.definition.SweepTask;
import org.widthwise.sweep.definition.TrialConfiguration;
import org.widthwise.sweep.store.Claim;
import org.widthwise.sweep.store.Metric;
import org.widthwise.sweep.store.TrialResult;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.monitor.LayerSizes;
import org.widthwise.torch.monitor.Observation;
import org.widthwise.torch.monitor.Quantity;

/**
 * Trains the network of a trial. On the CPU with one thread for each operation, which is usual,
 * metrics are the same to the last bit whatever else runs; with more of them, or on another device,
 * sums may come in another order.
 */
public final class TrainingExecutor implements TrialExecutor {

  /** The mean loss of some steps, at the last of them. */
  public static final String TRAINING_LOSS = "training_loss";

  /** The mean loss of the last tenth of all steps, at the last of them. */
  public static final String FINAL_TRAINING_LOSS = "final_training_loss";

  /** The loss of held-out examples after the last step. */
  public static final String HELD_OUT_LOSS = "held_out_loss";

  /** The share of held-out examples that are told right after the last step. */
  public static final String HELD_OUT_ACCURACY = "held_out_accuracy";

  /** Before the name of a parameter: the size of its first values over the target, at step 0. */
  public static final String WEIGHT = "weight/";

  /**
   * Before the name of a parameter: the size of an update over the target, which is the learning
   * rate in spectral units.
   */
  public static final String UPDATE = "update/";

  /** Before the name of a matrix: how well an update is aligned with the features before it. */
  public static final String UPDATE_ALIGNMENT = "update_alignment/";

  /** The most points of a loss curve that are stored. */
  private static final int MOST_POINTS = 256;

  private static final int FINAL_PART = 10;

  /** A single batch may be bad luck: so many losses together tell that a training went astray. */
  private static final int RECENT = 10;

  private final SweepTask task;
  private final SweepData data;
  private final int threads;
  private final ComputeDevice device;

  /**
   * An executor on the CPU with one thread for each operation.
   *
   * @param task what all trials share
   * @param data their data
   */
  public TrainingExecutor(SweepTask task, SweepData data) {
    this(task, data, 1, ComputeDevice.CPU);
  }

  /**
   * An executor.
   *
   * @param task what all trials share
   * @param data their data
   * @param threads how many an operation may use on the CPU, at least 1
   * @param device where trials are trained
   */
  public TrainingExecutor(SweepTask task, SweepData data, int threads, ComputeDevice device) {
    this.task = task;
    this.data = data;
    this.threads = threads;
    this.device = device;
  }

  @Override
  public void enterThread() {
    Libtorch.setThreads(threads);
  }

  @Override
  public Optional<TrialResult> run(Claim trial, BooleanSupplier stop, DoubleConsumer share) {
    TrialConfiguration configuration = TrialConfiguration.of(trial.configuration());
    FirstUpdates first = new FirstUpdates();
    TrainingRun training =
        TrainingRun.of(
                data.architecture(configuration),
                configuration.recipe(task.decayConvention()),
                task.optimizer(configuration),
                data.training(),
                task.settings(trial.seed()).withDevice(device))
            .withObserver(first);
    Losses losses = new Losses(task, share);
    TrainingOutcome outcome;
    try {
      outcome = training.run(losses, () -> losses.astray || stop.getAsBoolean());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    if (outcome.stopped() && !losses.astray) {
      return Optional.empty();
    }
    boolean diverged = outcome.diverged() || losses.astray;
    List<Metric> metrics = losses.metrics(!diverged);
    if (!diverged && Double.isFinite(outcome.heldOutLoss())) {
      metrics.add(new Metric(HELD_OUT_LOSS, outcome.steps(), outcome.heldOutLoss()));
      metrics.add(new Metric(HELD_OUT_ACCURACY, outcome.steps(), outcome.heldOutAccuracy()));
    }
    metrics.addAll(spectral(first.observations()));
    JsonNode provenance = Json.tree(Provenance.now(data.training().description(), device));
    return Optional.of(
        new TrialResult(
            diverged, message(outcome, losses), metrics, outcome.seconds(), provenance.toString()));
  }

  private static List<Metric> spectral(List<Observation> observations) {
    List<Metric> metrics = new ArrayList<>();
    for (Observation seen : observations) {
      for (LayerSizes layer : seen.layers()) {
        // Vectors are many, and say little.
        if (layer.shape().isMatrixLike() || layer.shape().role().isTable()) {
          if (seen.step() == 0) {
            add(metrics, WEIGHT, Quantity.WEIGHT, seen.step(), layer);
          }
          add(metrics, UPDATE, Quantity.UPDATE, seen.step(), layer);
          add(metrics, UPDATE_ALIGNMENT, Quantity.UPDATE_ALIGNMENT, seen.step(), layer);
        }
      }
    }
    return metrics;
  }

  private static void add(
      List<Metric> metrics, String name, Quantity quantity, long step, LayerSizes layer) {
    double value = layer.value(quantity).orElse(Double.NaN);
    if (Double.isFinite(value)) {
      metrics.add(new Metric(name + layer.parameter(), step, value));
    }
  }

  private String message(TrainingOutcome outcome, Losses losses) {
    if (losses.astray) {
      return String.format(
          Locale.ROOT,
          "after %d steps the loss was %.3g times its start",
          outcome.steps(),
          losses.recentMean() / losses.first);
    }
    return outcome.diverged()
        ? "after %d steps the loss was not finite".formatted(outcome.steps())
        : "";
  }

  /** Follows the losses of a training. */
  private static final class Losses implements StepListener {

    private final SweepTask task;
    private final DoubleConsumer share;
    private final long window;
    private final long finalFrom;
    private final List<Metric> points = new ArrayList<>();
    private final Deque<Double> recent = new ArrayDeque<>();
    private double first = Double.NaN;
    private double sum;
    private long count;
    private double finalSum;
    private long finalCount;
    private long last;
    private boolean astray;

    Losses(SweepTask task, DoubleConsumer share) {
      this.task = task;
      this.share = share;
      long steps = task.steps();
      this.window = (steps + MOST_POINTS - 1) / MOST_POINTS;
      this.finalFrom = steps - Math.max(1, steps / FINAL_PART);
    }

    @Override
    public void stepped(Progress progress) {
      double loss = progress.loss();
      last = progress.step();
      share.accept((double) last / progress.steps());
      if (last == 1) {
        first = loss;
      }
      recent.addLast(loss);
      if (recent.size() > RECENT) {
        recent.removeFirst();
      }
      astray |= recent.size() == RECENT && recentMean() > task.divergenceFactor() * first;
      sum += loss;
      count++;
      if (last > finalFrom) {
        finalSum += loss;
        finalCount++;
      }
      if (last % window == 0) {
        close();
      }
    }

    double recentMean() {
      return recent.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    private void close() {
      if (count > 0 && Double.isFinite(sum)) {
        points.add(new Metric(TRAINING_LOSS, last, sum / count));
      }
      sum = 0;
      count = 0;
    }

    List<Metric> metrics(boolean whole) {
      close();
      List<Metric> metrics = new ArrayList<>(points);
      if (whole) {
        metrics.add(new Metric(FINAL_TRAINING_LOSS, last, finalSum / finalCount));
      }
      return metrics;
    }
  }
}
