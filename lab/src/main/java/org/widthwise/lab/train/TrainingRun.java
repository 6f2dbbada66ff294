package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.lab.data.Digests;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.Provenance;
import org.widthwise.lab.run.RunException;
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
 * last checkpoint, on the same machine with as many threads.
 */
public final class TrainingRun {

  static final String PLAN_DIGEST = "plan_digest";

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

  private TrainingRun(
      Architecture architecture,
      Recipe recipe,
      OptimizerSettings optimizer,
      TrainingData data,
      TrainingSettings settings,
      @Nullable Path initial,
      @Nullable Path directory,
      @Nullable Path log,
      TrainingObserver.@Nullable Factory observers) {
    this.architecture = architecture;
    this.recipe = recipe;
    this.optimizer = optimizer;
    this.data = data;
    this.settings = settings;
    this.initial = initial;
    this.directory = directory;
    this.log = log;
    this.observers = observers;
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
        new TrainingRun(architecture, recipe, optimizer, data, settings, null, null, null, null);
    training.directions();
    return training;
  }

  /** The directions of the plan's rules, in words; fails where there is none. */
  private Map<String, String> directions() {
    Map<String, String> directions = new TreeMap<>();
    for (PlannedParameter parameter : plan().parameters()) {
      UpdateRule rule = parameter.rule();
      directions.computeIfAbsent(rule.id(), id -> optimizer.direction(rule).toString());
    }
    return directions;
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
        architecture, recipe, optimizer, data, settings, file, directory, log, observers);
  }

  /**
   * Keeps checkpoints and results, and goes on from the last checkpoint if there is one.
   *
   * @param newDirectory where, made if it does not exist
   * @return the training
   */
  public TrainingRun withDirectory(Path newDirectory) {
    return new TrainingRun(
        architecture, recipe, optimizer, data, settings, initial, newDirectory, log, observers);
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
        architecture, recipe, optimizer, data, settings, initial, directory, file, observers);
  }

  /**
   * Lets something look into the network between steps.
   *
   * @param factory makes it
   * @return the training
   */
  public TrainingRun withObserver(TrainingObserver.Factory factory) {
    return new TrainingRun(
        architecture, recipe, optimizer, data, settings, initial, directory, log, factory);
  }

  /**
   * Everything that the result depends on but the number of steps: a training may be made longer.
   *
   * @return the configuration
   * @throws RunException if the file of the first weights cannot be read
   */
  public JsonNode configuration() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", architecture.configuration());
    values.put("optimizer", recipe.updateRule().id());
    values.put("directions", directions());
    values.put("schedule", optimizer.schedule().toString());
    values.put("decay", optimizer.decay().toString());
    values.put("clipping", optimizer.clipping().toString());
    values.put("parametrization", recipe.parametrization().id());
    values.put("learning_rate", recipe.learningRate());
    values.put(PLAN_DIGEST, planDigest());
    values.put("initial_weights", initial == null ? "drawn by the plan" : initialDigest(initial));
    values.put("loss", settings.objective().id());
    values.put("precision", settings.precision().id());
    values.put("batch", settings.fullBatch() ? data.training().count() : settings.batch());
    values.put("full_batch", settings.fullBatch());
    values.put("examples", data.training().count());
    values.put("seed", settings.seed());
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("name", data.name());
    source.put("digest", data.digest());
    values.put("data", source);
    return Json.tree(values);
  }

  private static String initialDigest(Path file) {
    try {
      return "SHA-256 " + Digests.sha256(file);
    } catch (IOException unreadable) {
      throw RunException.unreadable(file, unreadable);
    }
  }

  /** Of all scales, prefactors and whatever else the recipe has to say. */
  private String planDigest() {
    StringBuilder scales = new StringBuilder();
    for (PlannedParameter parameter : plan().parameters()) {
      scales.append(parameter).append('\n');
    }
    return Digests.sha256(scales.toString());
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
   * @throws RunException if the directory or log cannot be written, or holds something else
   * @throws org.widthwise.audit.MalformedFileException if first weights or a checkpoint do not fit
   */
  public TrainingOutcome run(StepListener listener, BooleanSupplier stop)
      throws InterruptedException {
    Libtorch.load();
    if (directory == null) {
      return train(null, listener, stop);
    }
    JsonNode configuration = configuration();
    try (TrainingStore store = TrainingStore.open(directory, configuration)) {
      store.write(PROVENANCE, Provenance.now(data.description()));
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
      Optional<TrainingStore.Saved> saved = latest(store);
      long done = saved.map(found -> found.state().step()).orElse(0L);
      requireNotBeyond(done);
      if (initial != null && saved.isEmpty()) {
        ModuleTensors.load(network.module(), initial);
      } else {
        Generator generator = Initializer.seeded(settings.seed());
        PlannedModule.initialize(network.module(), plan, InitScheme.GAUSSIAN, generator);
      }
      PlannedOptimizer planned = PlannedOptimizer.of(network.module(), plan, optimizer);
      saved.ifPresent(found -> restore(found, network, planned));
      TrainingLoop loop = new TrainingLoop(network, planned, data, settings, store, saved);
      try (LossLog losses = log == null ? null : LossLog.open(log, done);
          TrainingObserver observer =
              observers == null ? null : observer(observers, network, plan)) {
        return loop.run(losses, observer, listener, stop);
      }
    }
  }

  private static Optional<TrainingStore.Saved> latest(@Nullable TrainingStore store) {
    if (store == null) {
      return Optional.empty();
    }
    try {
      return store.latest();
    } catch (IOException unreadable) {
      throw new RunException("cannot list checkpoints: " + unreadable.getMessage(), unreadable);
    }
  }

  private static void restore(
      TrainingStore.Saved saved, Network network, PlannedOptimizer optimizer) {
    try (PointerScope scope = new PointerScope()) {
      ModuleTensors.restore(
          saved.modelFile(),
          ModuleTensors.all(network.module()),
          TensorFiles.read(saved.modelFile()));
    }
    Map<String, Tensor> state = TensorFiles.read(saved.optimizerFile());
    try {
      optimizer.restore(state);
    } catch (IllegalArgumentException unfit) {
      throw new MalformedFileException(
          saved.optimizerFile(), String.valueOf(unfit.getMessage()), unfit);
    }
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
    int count =
        settings.fullBatch()
            ? data.training().count()
            : Math.min(settings.batch(), data.training().count());
    int[] first = IntStream.range(0, count).toArray();
    return factory.begin(
        network, plan, data.training().batch(settings.precision(), first).inputs());
  }
}
