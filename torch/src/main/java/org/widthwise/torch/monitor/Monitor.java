package org.widthwise.torch.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.torch.plan.NamedTensors;
import org.widthwise.torch.plan.PlannedTensor;

/**
 * Watches a training: how large weights, updates and features are, layer by layer, over what
 * Condition 1 asks of them, and which layer is the first to leave its band.
 *
 * <pre>{@code
 * Monitor monitor = Monitor.of(network, plan).to(MonitorSinks.csv(Path.of("monitor.csv")));
 * for (long step = 1; step <= steps; step++) {
 *   … // forward, backward, optimizer step
 *   monitor.afterStep(step);
 * }
 * System.out.println(monitor.verdict().text());
 * }</pre>
 *
 * <p>Make it when the parameters have their first values, and call it after every step: which steps
 * are looked at, {@link Cadence} says. Features are watched if it is given a {@linkplain #probing
 * probe batch}. Everything is read and nothing changed; a training takes the same course with and
 * without a monitor.
 *
 * <p>Memory: two copies of the watched parameters where they lie, as at the start and before the
 * step that is looked at (one, {@linkplain MonitorOptions#withSinceStart without changes since the
 * start}); of the probe's features at most {@value ProbeFeatures#MOST_ROWS} rows a layer, in up to
 * five copies; and while an observation is made, a copy of one parameter. {@link #close()} gives
 * all of it back; until then it belongs to no {@link PointerScope}.
 *
 * <p>For one thread.
 */
public final class Monitor implements AutoCloseable {

  private static final long NEVER = Long.MIN_VALUE;

  private final Module module;
  private final Plan plan;
  private final MonitorOptions options;
  private final Map<String, WatchedParameter> watched = new LinkedHashMap<>();
  private final Schedule schedule;
  private final Judge judge;
  private final List<MonitorListener> listeners = new ArrayList<>();
  private final List<MonitorSink> sinks = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Probe probe;
  private long firstStep = NEVER;
  private long lastStep = NEVER;
  private long copiedAfter = NEVER;
  private long observations;
  private long lastObserved;

  private Monitor(Module module, Plan plan, MonitorOptions options, LongSupplier nanoTime) {
    this.module = module;
    this.plan = plan;
    this.options = options;
    this.judge = new Judge(options.bands(), plan);
    this.schedule = new Schedule(options.cadence(), nanoTime);
    schedule.enter();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Map<String, PlannedTensor> parameters = PlannedTensor.ofSome(module, plan);
      for (PlannedParameter parameter : plan.parameters()) {
        String name = parameter.name();
        PlannedTensor tensor = parameters.get(name);
        if (tensor == null) {
          throw new IllegalArgumentException(
              "the plan has a parameter '%s', but the module has %s"
                  .formatted(name, NamedTensors.of(module).keySet()));
        }
        watched.put(name, new WatchedParameter(tensor, options));
      }
    } finally {
      schedule.leave();
    }
  }

  /**
   * A monitor of the parameters that a plan names, with {@linkplain MonitorOptions#withDefaults()
   * the defaults}.
   *
   * @param module the module, its parameters at their first values
   * @param plan a plan of its parameters, by the names in {@code named_parameters()}, or of all
   *     parts of one; parameters that it does not name are not watched
   * @return the monitor
   * @throws IllegalArgumentException if the module lacks a parameter of the plan, or has it in
   *     another size
   */
  public static Monitor of(Module module, Plan plan) {
    return of(module, plan, MonitorOptions.withDefaults());
  }

  /**
   * A monitor of the parameters that a plan names.
   *
   * @param module the module, its parameters at their first values
   * @param plan a plan of its parameters, by the names in {@code named_parameters()}, or of all
   *     parts of one; parameters that it does not name are not watched
   * @param options how to go about it
   * @return the monitor
   * @throws IllegalArgumentException if the module lacks a parameter of the plan, or has it in
   *     another size
   */
  public static Monitor of(Module module, Plan plan, MonitorOptions options) {
    return new Monitor(module, plan, options, System::nanoTime);
  }

  /** With another clock, by which a test can tell the time. */
  static Monitor of(Module module, Plan plan, MonitorOptions options, LongSupplier nanoTime) {
    return new Monitor(module, plan, options, nanoTime);
  }

  /**
   * Adds a listener, which from now on is told of every observation.
   *
   * @param listener the listener; a {@link MonitorSink} is closed with this monitor
   * @return this monitor
   */
  public Monitor to(MonitorListener listener) {
    listeners.add(listener);
    if (listener instanceof MonitorSink sink) {
      sinks.add(sink);
    }
    return this;
  }

  /**
   * Watches features too, on a batch that stays the same: sizes, changes and alignments. Each
   * observation then takes two forward passes.
   *
   * @param inputs the batch; kept, not copied: it must not be changed
   * @param forward the network, such as {@code network::forward}
   * @return this monitor
   * @throws IllegalStateException if a step was taken already, or there is a probe
   */
  public Monitor probing(Tensor inputs, ProbeForward forward) {
    if (lastStep != NEVER || probe != null) {
      throw new IllegalStateException(
          "a monitor is given one probe before the first step, but "
              + (probe != null ? "has one" : "step " + lastStep + " was taken"));
    }
    schedule.enter();
    try {
      List<SeenLayer> layers = watched.values().stream().map(WatchedParameter::layer).toList();
      probe = Probe.of(inputs, forward, layers, options.sinceStart());
    } finally {
      schedule.leave();
    }
    return this;
  }

  /**
   * Looks at the parameters' first values, as step 0: sizes, features and alignments of weights;
   * updates and changes do not apply yet. Listeners are told of it too.
   *
   * @return what was seen
   * @throws IllegalStateException if a step was taken already
   */
  public Observation observeStart() {
    if (lastStep != NEVER) {
      throw new IllegalStateException(
          "the start cannot be looked at any more: step %d was taken".formatted(lastStep));
    }
    schedule.enter();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<LayerSizes> layers = layers((parameter, tensor) -> parameter.first(tensor, probe));
      Observation observation = new Observation(0, measured(), layers, judge.judge(0, layers));
      tell(observation);
      return observation;
    } finally {
      schedule.leave();
    }
  }

  /** Measures a parameter. */
  @FunctionalInterface
  private interface Look {
    LayerSizes at(WatchedParameter parameter, Tensor tensor);
  }

  private List<LayerSizes> layers(Look look) {
    Map<String, PlannedTensor> parameters = PlannedTensor.ofSome(module, plan);
    List<LayerSizes> layers = new ArrayList<>();
    watched.forEach((name, parameter) -> layers.add(look.at(parameter, tensor(name, parameters))));
    return layers;
  }

  private static Tensor tensor(String name, Map<String, PlannedTensor> parameters) {
    PlannedTensor tensor = parameters.get(name);
    if (tensor == null) {
      throw new IllegalStateException("the module has lost its parameter '%s'".formatted(name));
    }
    return tensor.values();
  }

  private List<Quantity> measured() {
    return Arrays.stream(Quantity.values())
        .filter(quantity -> probe != null || !quantity.needsProbe())
        .filter(quantity -> options.sinceStart() || !quantity.needsStart())
        .toList();
  }

  private void tell(Observation observation) {
    observations++;
    lastObserved = observation.step();
    findings.addAll(observation.findings());
    for (MonitorListener listener : listeners) {
      listener.onObservation(observation);
    }
  }

  /**
   * To be called after every step, before the next one changes the parameters again.
   *
   * @param step the number of the step, the first of a training being 1; each time greater than
   *     before. A training that is resumed goes on counting, and changes are those since the
   *     monitor was made
   * @return what was seen; empty where the cadence did not ask to look
   * @throws IllegalArgumentException if the step is below 1 or not greater than the one before
   */
  public Optional<Observation> afterStep(long step) {
    if (step < 1 || step <= lastStep) {
      throw new IllegalArgumentException(
          "steps count up from 1, but step %d comes after %s"
              .formatted(step, lastStep == NEVER ? "none" : Long.toString(lastStep)));
    }
    schedule.enter();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      if (firstStep == NEVER) {
        firstStep = step;
        copiedAfter = step - 1;
      }
      boolean everyStep = lastStep == step - 1;
      lastStep = step;
      long watchedSteps = step - firstStep + 1;
      Observation observation = null;
      // Where it is called after every step it has always copied before the step that is due.
      if (copiedAfter == step - 1 || (!everyStep && schedule.isDue(watchedSteps))) {
        observation = observe(step);
        schedule.observed(watchedSteps);
        tell(observation);
      }
      if (schedule.isDue(watchedSteps + 1)) {
        remember(step);
      }
      return Optional.ofNullable(observation);
    } finally {
      schedule.leave();
    }
  }

  private void remember(long step) {
    PlannedTensor.ofSome(module, plan)
        .forEach(
            (name, tensor) -> {
              WatchedParameter parameter = watched.get(name);
              if (parameter != null) {
                parameter.remember(tensor.values());
              }
            });
    if (probe != null) {
      probe.remember();
    }
    copiedAfter = step;
  }

  private Observation observe(long step) {
    boolean updateKnown = copiedAfter == step - 1;
    try (ProbeFeatures now = probe == null ? null : probe.now()) {
      List<LayerSizes> layers =
          layers((parameter, tensor) -> parameter.later(tensor, probe, now, updateKnown));
      return new Observation(step, measured(), layers, judge.judge(step, layers));
    }
  }

  /**
   * What the monitor makes of the training so far.
   *
   * @return the verdict
   */
  public MonitorVerdict verdict() {
    return new MonitorVerdict(observations, lastObserved, findings);
  }

  /** Gives native memory back and closes the sinks. */
  @Override
  public void close() {
    watched.values().forEach(WatchedParameter::close);
    watched.clear();
    if (probe != null) {
      probe.close();
      probe = null;
    }
    sinks.forEach(MonitorSink::close);
    sinks.clear();
    listeners.clear();
  }
}
