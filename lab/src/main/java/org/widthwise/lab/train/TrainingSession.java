package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Plan;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.Provenance;
import org.widthwise.lab.run.RunException;
import org.widthwise.lab.run.Versions;
import org.widthwise.torch.distributed.PeerException;
import org.widthwise.torch.distributed.ProcessGroup;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;

/**
 * This process's part in a training: from first weights or the last checkpoint, through the steps,
 * to the result.
 */
final class TrainingSession {

  private static final String RESULT = "result.json";
  private static final String PROVENANCE = "provenance.json";

  private final TrainingTask task;
  private final @Nullable ProcessGroup group;
  private final boolean leads;
  private final TrainingOutputs outputs;

  /**
   * A part that has not begun.
   *
   * @param outputs what is kept by the process that leads: of a group, rank 0
   * @param group the processes that train together; null if this one is alone
   */
  TrainingSession(TrainingTask task, TrainingOutputs outputs, @Nullable ProcessGroup group) {
    this.task = task;
    this.group = group;
    this.leads = group == null || group.rank() == 0;
    this.outputs = leads ? outputs : TrainingOutputs.NONE;
  }

  /** See {@link TrainingRun#run}. */
  TrainingOutcome run(StepListener listener, BooleanSupplier stop) throws InterruptedException {
    Libtorch.load();
    if (group == null) {
      return runHere(listener, stop);
    }
    try {
      requireAgreement(group);
      return runHere(listener, stop);
    } catch (PeerException lost) {
      String kept =
          leads ? TrainingStore.whatIsKept(outputs.directory()) : "rank 0 keeps the checkpoints";
      throw new PeerException(lost.getMessage() + "; " + kept, lost);
    } catch (RuntimeException | InterruptedException | Error own) {
      group.abandon(Libtorch.reason(own));
      throw own;
    }
  }

  private void requireAgreement(ProcessGroup processes) {
    Map<String, Object> everything = properties(task.configuration());
    everything.put("steps", task.settings().steps());
    everything.put("version", Versions.widthwise());
    Agreement.require(processes, Json.tree(everything));
  }

  private static Map<String, Object> properties(JsonNode node) {
    Map<String, Object> properties = new LinkedHashMap<>();
    node.properties().forEach(property -> properties.put(property.getKey(), property.getValue()));
    return properties;
  }

  private TrainingOutcome runHere(StepListener listener, BooleanSupplier stop)
      throws InterruptedException {
    Path directory = outputs.directory();
    if (directory == null) {
      return train(null, listener, stop);
    }
    JsonNode configuration = task.configuration();
    try (TrainingStore store = TrainingStore.open(directory, configuration)) {
      store.write(PROVENANCE, provenance());
      TrainingOutcome outcome = train(store, listener, stop);
      store.write(RESULT, new TrainingReport(configuration, outcome));
      return outcome;
    }
  }

  private Map<String, Object> provenance() {
    Map<String, Object> provenance =
        properties(Json.tree(Provenance.now(task.data().description(), task.settings().device())));
    provenance.put("processes", group == null ? 1 : group.size());
    return provenance;
  }

  private TrainingOutcome train(
      @Nullable TrainingStore store, StepListener listener, BooleanSupplier stop)
      throws InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      Plan plan = task.plan();
      Network network = task.architecture().build(plan);
      network.module().to(task.settings().precision().type(), false);
      Optional<TrainingStore.Saved> saved = store == null ? Optional.empty() : store.latest();
      saved.ifPresent(this::requireNotBeyond);
      if (task.initialWeights() != null && saved.isEmpty()) {
        ModuleTensors.load(network.module(), task.initialWeights());
      } else {
        PlannedModule.initialize(
            network.module(),
            plan,
            InitScheme.GAUSSIAN,
            Initializer.seeded(task.settings().seed()));
      }
      task.settings().device().take(network.module());
      PlannedOptimizer optimizer = PlannedOptimizer.of(network.module(), plan, task.optimizer());
      saved.ifPresent(found -> found.restore(network, optimizer));
      Optional<TrainingStore.State> done = saved.map(TrainingStore.Saved::state);
      if (group != null) {
        done = Agreement.state(group, done);
        Agreement.spread(group, ModuleTensors.all(network.module()), optimizer);
      }
      long stepsDone = done.map(TrainingStore.State::step).orElse(0L);
      try (StepShare share = share(network);
          LossLog losses = outputs.log() == null ? null : LossLog.open(outputs.log(), stepsDone);
          TrainingObserver observer =
              outputs.observers() == null ? null : observer(outputs.observers(), network, plan)) {
        TrainingLoop loop =
            new TrainingLoop(
                network,
                optimizer,
                task.data(),
                leads ? task.data().heldOut() : Optional.empty(),
                task.settings(),
                share,
                store,
                done,
                saved.map(found -> found.directory().toString()).orElse(null));
        return loop.run(losses, observer, listener, stop);
      }
    }
  }

  private void requireNotBeyond(TrainingStore.Saved saved) {
    long done = saved.state().step();
    if (done > task.settings().steps()) {
      throw new RunException(
          "%s holds a checkpoint after step %d, beyond the %d that are asked for: ask for more, or choose another --out"
              .formatted(outputs.directory(), done, task.settings().steps()));
    }
  }

  private StepShare share(Network network) {
    return group == null
        ? new WholeStep()
        : new GroupStep(group, ModuleTensors.parameters(network.module()), task.examplesOfAStep());
  }

  private TrainingObserver observer(TrainingObserver.Factory factory, Network network, Plan plan) {
    int[] first = IntStream.range(0, task.examplesOfAStep()).toArray();
    Tensor probe = task.data().training().batch(task.settings().precision(), first).inputs();
    return factory.begin(network, plan, task.settings().device().here(probe));
  }
}
