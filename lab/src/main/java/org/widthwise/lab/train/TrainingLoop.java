package org.widthwise.lab.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.data.ExampleOrder;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.plan.PlannedOptimizer;

/** The steps of a training, from where it is to its end. */
final class TrainingLoop {

  /** Held-out examples that are looked at together. */
  private static final int HELD_OUT_BATCH = 100;

  private final Network network;
  private final PlannedOptimizer optimizer;
  private final TrainingData data;
  private final Optional<Examples> heldOut;
  private final TrainingSettings settings;
  private final StepShare share;
  private final @Nullable TrainingStore store;
  private final Map<String, Tensor> model;
  private final long parameters;
  private final @Nullable ExampleBatch fullBatch;
  private final @Nullable ExampleOrder order;

  private final long doneBefore;
  private final double secondsBefore;
  private long step;
  private double loss;
  private @Nullable String checkpoint;

  /**
   * All tensors belong to the scope that is open at the call.
   *
   * @param heldOut what to judge the network by at the end
   * @param share what of each step falls to this process
   * @param store where checkpoints go; null for nowhere
   * @param done what is known of the point to go on from
   * @param checkpoint where that is stored
   */
  TrainingLoop(
      Network network,
      PlannedOptimizer optimizer,
      TrainingData data,
      Optional<Examples> heldOut,
      TrainingSettings settings,
      StepShare share,
      @Nullable TrainingStore store,
      Optional<TrainingStore.State> done,
      @Nullable String checkpoint) {
    this.network = network;
    this.optimizer = optimizer;
    this.data = data;
    this.heldOut = heldOut;
    this.settings = settings;
    this.share = share;
    this.store = store;
    this.model = ModuleTensors.all(network.module());
    this.parameters =
        ModuleTensors.parameters(network.module()).values().stream().mapToLong(Tensor::numel).sum();
    int count = data.training().count();
    this.fullBatch =
        settings.fullBatch()
            ? data.training()
                .batch(settings.precision(), share.of(IntStream.range(0, count).toArray()))
                .on(settings.device())
            : null;
    this.order =
        settings.fullBatch() ? null : new ExampleOrder(count, settings.batch(), settings.seed());
    this.doneBefore = done.map(TrainingStore.State::step).orElse(0L);
    this.secondsBefore = done.map(TrainingStore.State::seconds).orElse(0.0);
    this.step = doneBefore;
    this.loss = done.map(TrainingStore.State::loss).orElse(Double.NaN);
    this.checkpoint = checkpoint;
  }

  TrainingOutcome run(
      @Nullable LossLog log,
      @Nullable TrainingObserver observer,
      StepListener listener,
      BooleanSupplier stop)
      throws InterruptedException {
    listener.started(parameters, doneBefore);
    long start = System.nanoTime();
    boolean diverged = false;
    boolean stopped = false;
    while (step < settings.steps() && !diverged && !stopped) {
      diverged = !take(log, stop);
      if (diverged) {
        break;
      }
      if (observer != null) {
        observer.afterStep(step);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      boolean last = step == settings.steps();
      stopped = !last && share.stops(stop);
      boolean interrupted = (stopped || last) && Thread.interrupted();
      if (stopped || isCheckpoint()) {
        save(seconds, listener);
      }
      if (interrupted) {
        throw new InterruptedException("training was interrupted after " + step + " steps");
      }
      listener.stepped(
          new StepListener.Progress(step, settings.steps(), loss, Optional.of(toGo(seconds))));
    }
    double seconds = secondsBefore + (System.nanoTime() - start) / 1e9;
    HeldOut judged =
        diverged || stopped || heldOut.isEmpty()
            ? new HeldOut(Double.NaN, Double.NaN)
            : judge(heldOut.get());
    boolean finite = Double.isFinite(judged.loss()) || stopped || heldOut.isEmpty();
    return new TrainingOutcome(
        parameters,
        step,
        diverged || !finite,
        stopped,
        diverged ? Double.NaN : loss,
        finite ? judged.loss() : Double.NaN,
        finite ? judged.accuracy() : Double.NaN,
        seconds,
        checkpoint);
  }

  /** Takes the next step, unless its loss is not finite. */
  private boolean take(@Nullable LossLog log, BooleanSupplier stop) {
    try (PointerScope scope = new PointerScope()) {
      ExampleBatch batch = batch(step + 1);
      optimizer.zeroGradients();
      Tensor value = settings.objective().of(network.forward(batch.inputs()), batch.classes());
      double number = share.backward(value, stop);
      if (log != null) {
        log.write(step + 1, number);
      }
      if (!Double.isFinite(number)) {
        return false;
      }
      optimizer.step();
      step++;
      loss = number;
      return true;
    }
  }

  private ExampleBatch batch(long number) {
    if (fullBatch != null) {
      return fullBatch;
    }
    if (order == null) {
      throw new IllegalStateException("neither a full batch nor an order of minibatches");
    }
    return data.training()
        .batch(settings.precision(), share.of(order.minibatch(number)))
        .on(settings.device());
  }

  private boolean isCheckpoint() {
    return step == settings.steps()
        || (settings.checkpointEvery() > 0 && step % settings.checkpointEvery() == 0);
  }

  private void save(double seconds, StepListener listener) {
    if (store == null) {
      return;
    }
    TrainingStore.State state = new TrainingStore.State(step, loss, secondsBefore + seconds);
    try (PointerScope scope = new PointerScope()) {
      Path directory = store.save(state, model, optimizer.state());
      checkpoint = directory.toString();
      listener.checkpointed(directory);
    }
  }

  private Duration toGo(double seconds) {
    double perStep = seconds / (step - doneBefore);
    return Duration.ofMillis((long) (1000 * perStep * (settings.steps() - step)));
  }

  private record HeldOut(double loss, double accuracy) {}

  private HeldOut judge(Examples examples) {
    network.module().train(false);
    double losses = 0;
    long right = 0;
    long rows = 0;
    for (int from = 0; from < examples.count(); from += HELD_OUT_BATCH) {
      int to = Math.min(examples.count(), from + HELD_OUT_BATCH);
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        ExampleBatch batch =
            examples
                .batch(settings.precision(), IntStream.range(from, to).toArray())
                .on(settings.device());
        Tensor outputs = network.forward(batch.inputs());
        losses += (to - from) * settings.objective().of(outputs, batch.classes()).item_double();
        Tensor guesses = outputs.argmax(new LongOptional(-1), false);
        right += guesses.eq(batch.classes()).sum().item_long();
        rows += batch.classes().numel();
      }
    }
    network.module().train(true);
    return new HeldOut(losses / examples.count(), (double) right / rows);
  }
}
