package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.Provenance;
import org.widthwise.lab.run.RunException;
import org.widthwise.lab.run.Versions;
import org.widthwise.torch.distributed.PeerException;
import org.widthwise.torch.distributed.ProcessGroup;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/**
 * The training of one network: an architecture, a recipe, an update rule and data, for so many
 * steps from a seed. The same training gives the same bits, in one go or taken up again from its
 * last checkpoint, on the same machine's CPU with as many threads; on a CUDA device to rounding.
 */
public final class TrainingRun {

  private static final String RESULT = "result.json";
  private static final String PROVENANCE = "provenance.json";

  private final Architecture architecture;
  private final Recipe recipe;
  private final OptimizerSettings optimizer;
  private final TrainingData data;
  private final TrainingSettings settings;
  private final @Nullable Path initial;
  private final @Nullable Path directory;
  private final @Nullable Path log;
  private final TrainingObserver.@Nullable Factory observers;
  private final @Nullable ProcessGroup group;

  private TrainingRun(
      Architecture architecture,
      Recipe recipe,
      OptimizerSettings optimizer,
      TrainingData data,
      TrainingSettings settings,
      @Nullable Path initial,
      @Nullable Path directory,
      @Nullable Path log,
      TrainingObserver.@Nullable Factory observers,
      @Nullable ProcessGroup group) {
    this.architecture = architecture;
    this.recipe = recipe;
    this.optimizer = optimizer;
    this.data = data;
    this.settings = settings;
    this.initial = initial;
    this.directory = directory;
    this.log = log;
    this.observers = observers;
    this.group = group;
  }

  /**
   * A training that leaves nothing on the disk.
   *
   * @param architecture the network
   * @param recipe how its scales follow from its shapes, and by which rules it is updated
   * @param optimizer what an optimizer needs beside a plan
   * @param data what it is trained on
   * @param settings how long, and so on
   * @return the training
   * @throws IllegalArgumentException if there is no direction for an update rule of the recipe, or
   *     a batch is larger than the data
   */
  public static TrainingRun of(
      Architecture architecture,
      Recipe recipe,
      OptimizerSettings optimizer,
      TrainingData data,
      TrainingSettings settings) {
    if (!settings.fullBatch() && settings.batch() > data.training().count()) {
      throw new IllegalArgumentException(
          "a batch of %d cannot be drawn from %d examples: take a smaller batch or more examples"
              .formatted(settings.batch(), data.training().count()));
    }
    TrainingRun training =
        new TrainingRun(
            architecture, recipe, optimizer, data, settings, null, null, null, null, null);
    TrainingConfiguration.directions(training.plan(), optimizer);
    return training;
  }

  /**
   * Starts from given weights in place of drawn ones.
   *
   * @param file a checkpoint, which must have every parameter of the network by name and in its
   *     shape; buffers are taken where it has them
   * @return the training
   */
  public TrainingRun withInitialWeights(Path file) {
    return new TrainingRun(
        architecture, recipe, optimizer, data, settings, file, directory, log, observers, group);
  }

  /**
   * Keeps checkpoints and results, and goes on from the last checkpoint if there is one.
   *
   * @param newDirectory where, made if it does not exist
   * @return the training
   */
  public TrainingRun withDirectory(Path newDirectory) {
    return new TrainingRun(
        architecture,
        recipe,
        optimizer,
        data,
        settings,
        initial,
        newDirectory,
        log,
        observers,
        group);
  }

  /**
   * Writes the loss of each step's batch, before the step's update, to a CSV file with the columns
   * {@code step} and {@code loss}.
   *
   * @param file the file; a training that goes on from a checkpoint goes on with it
   * @return the training
   */
  public TrainingRun withLog(Path file) {
    return new TrainingRun(
        architecture,
        recipe,
        optimizer,
        data,
        settings,
        initial,
        directory,
        file,
        observers,
        group);
  }

  /**
   * Lets something look into the network between steps.
   *
   * @param factory makes it
   * @return the training
   */
  public TrainingRun withObserver(TrainingObserver.Factory factory) {
    return new TrainingRun(
        architecture, recipe, optimizer, data, settings, initial, directory, log, factory, group);
  }

  /**
   * Shares each batch out among the processes of a group, all of which train with the same
   * configuration and number of steps: each has its part of the examples, gradients are averaged,
   * and every process takes the same step. Rank 0 alone has a directory, a log, an observer and
   * held-out examples; what others are given of these is ignored.
   *
   * @param newGroup the processes; closed by who made it
   * @return the training
   * @throws IllegalArgumentException if a batch has fewer examples than there are processes, or the
   *     training is not on the CPU
   */
  public TrainingRun withGroup(ProcessGroup newGroup) {
    if (examplesOfAStep() < newGroup.size()) {
      throw new IllegalArgumentException(
          "a batch of %d cannot be shared out among %d processes: take at least one example for each"
              .formatted(examplesOfAStep(), newGroup.size()));
    }
    if (!settings.device().isCpu()) {
      throw new IllegalArgumentException(
          "processes share a training on CPUs alone (by Gloo), not on %s: train with one process, or on the cpu"
              .formatted(settings.device().id()));
    }
    return new TrainingRun(
        architecture,
        recipe,
        optimizer,
        data,
        settings,
        initial,
        directory,
        log,
        observers,
        newGroup);
  }

  private int examplesOfAStep() {
    return settings.examplesOfAStep(data.training().count());
  }

  /**
   * Everything that the result depends on but the number of steps: a training may be made longer.
   *
   * @return the configuration
   * @throws RunException if the file of the first weights cannot be read
   */
  public JsonNode configuration() {
    return TrainingConfiguration.of(architecture, recipe, optimizer, data, settings, initial);
  }

  private Plan plan() {
    return recipe.plan(architecture.parameters());
  }

  /**
   * Trains. Native memory stays flat: each step has a scope of its own.
   *
   * @param listener told how far it is
   * @param stop asked after each step; once true, a checkpoint is written and the training ends
   * @return what came of it
   * @throws InterruptedException if the thread is interrupted; seen between steps, and a checkpoint
   *     is written before
   * @throws RunException if the directory or log cannot be written, or holds something else, or
   *     another process of the group trains something else
   * @throws org.widthwise.audit.MalformedFileException if first weights or a checkpoint do not fit
   * @throws PeerException if another process of the group is lost; the message says what is kept
   */
  public TrainingOutcome run(StepListener listener, BooleanSupplier stop)
      throws InterruptedException {
    Libtorch.load();
    if (group == null) {
      return runHere(listener, stop);
    }
    try {
      requireAgreement(group);
      return runHere(listener, stop);
    } catch (PeerException lost) {
      throw new PeerException(
          lost.getMessage()
              + "; "
              + (leads() ? whatIsKept(directory) : "rank 0 keeps the checkpoints"),
          lost);
    } catch (RuntimeException | InterruptedException | Error own) {
      group.abandon(Libtorch.reason(own));
      throw own;
    }
  }

  private void requireAgreement(ProcessGroup processes) {
    Map<String, Object> everything = new LinkedHashMap<>();
    configuration()
        .properties()
        .forEach(property -> everything.put(property.getKey(), property.getValue()));
    everything.put("steps", settings.steps());
    everything.put("version", Versions.widthwise());
    Agreement.require(processes, Json.tree(everything));
  }

  /**
   * Says what is left of a training that was broken off.
   *
   * @param directory where its checkpoints are, if anywhere
   * @return a sentence without its stop, in lower case
   */
  public static String whatIsKept(@Nullable Path directory) {
    if (directory == null) {
      return "without a directory for checkpoints nothing is kept";
    }
    return TrainingStore.latestIn(directory)
        .map(
            last ->
                "the last checkpoint is %s, and the same command goes on from it".formatted(last))
        .orElse("no checkpoint was written before");
  }

  private boolean leads() {
    return group == null || group.rank() == 0;
  }

  private TrainingOutcome runHere(StepListener listener, BooleanSupplier stop)
      throws InterruptedException {
    if (directory == null || !leads()) {
      return train(null, listener, stop);
    }
    JsonNode configuration = configuration();
    try (TrainingStore store = TrainingStore.open(directory, configuration)) {
      Map<String, Object> circumstances = new LinkedHashMap<>();
      Json.tree(Provenance.now(data.description(), settings.device()))
          .properties()
          .forEach(property -> circumstances.put(property.getKey(), property.getValue()));
      circumstances.put("processes", group == null ? 1 : group.size());
      store.write(PROVENANCE, circumstances);
      TrainingOutcome outcome = train(store, listener, stop);
      store.write(RESULT, new TrainingReport(configuration, outcome));
      return outcome;
    }
  }

  private TrainingOutcome train(
      @Nullable TrainingStore store, StepListener listener, BooleanSupplier stop)
      throws InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      Plan plan = plan();
      Network network = architecture.build(plan);
      network.module().to(settings.precision().type(), false);
      Optional<TrainingStore.Saved> saved = store == null ? Optional.empty() : store.latest();
      saved.ifPresent(found -> requireNotBeyond(found.state().step()));
      if (initial != null && saved.isEmpty()) {
        ModuleTensors.load(network.module(), initial);
      } else {
        Generator generator = Initializer.seeded(settings.seed());
        PlannedModule.initialize(network.module(), plan, InitScheme.GAUSSIAN, generator);
      }
      settings.device().take(network.module());
      PlannedOptimizer planned = PlannedOptimizer.of(network.module(), plan, optimizer);
      saved.ifPresent(found -> found.restore(network, planned));
      Optional<TrainingStore.State> done = saved.map(TrainingStore.Saved::state);
      if (group != null) {
        done = Agreement.state(group, done);
        Agreement.spread(group, ModuleTensors.all(network.module()), planned);
      }
      long stepsDone = done.map(TrainingStore.State::step).orElse(0L);
      try (StepShare share = share(network);
          LossLog losses = log == null || !leads() ? null : LossLog.open(log, stepsDone);
          TrainingObserver observer =
              observers == null || !leads() ? null : observer(observers, network, plan)) {
        TrainingLoop loop =
            new TrainingLoop(
                network,
                planned,
                data,
                leads() ? data.heldOut() : Optional.empty(),
                settings,
                share,
                store,
                done,
                saved.map(found -> found.directory().toString()).orElse(null));
        return loop.run(losses, observer, listener, stop);
      }
    }
  }

  private StepShare share(Network network) {
    return group == null
        ? new WholeStep()
        : new GroupStep(group, ModuleTensors.parameters(network.module()), examplesOfAStep());
  }

  private void requireNotBeyond(long done) {
    if (done > settings.steps()) {
      throw new RunException(
          "%s holds a checkpoint after step %d, beyond the %d that are asked for: ask for more, or"
                  .formatted(directory, done, settings.steps())
              + " choose another --out");
    }
  }

  private TrainingObserver observer(TrainingObserver.Factory factory, Network network, Plan plan) {
    int[] first = IntStream.range(0, examplesOfAStep()).toArray();
    Tensor probe = data.training().batch(settings.precision(), first).inputs();
    return factory.begin(network, plan, settings.device().here(probe));
  }
}
