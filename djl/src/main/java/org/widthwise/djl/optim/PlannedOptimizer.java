package org.widthwise.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.optimizer.Optimizer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.djl.plan.BlockParameter;
import org.widthwise.djl.plan.BlockParameters;
import org.widthwise.djl.plan.MatrixView;

/**
 * A DJL optimizer that steps every parameter by its plan: the plan's update rule, learning rate
 * times schedule, ε and weight decay, matched by DJL's own id. {@code W ← W − η·s·(D + λ·W)} for
 * the direction D of the rule.
 *
 * <p>Steps are made by the engine's plain gradient descent with D in place of the gradient, which
 * works outside autograd on any thread, and leaves the gradient zero where the engine accumulates.
 * Parameters in half precision are stepped in it, but their states are in single precision.
 *
 * <p>What a rule remembers of a parameter belongs to the manager of the parameter's array. It can
 * be saved and loaded; training then goes on with the same bits.
 *
 * <p>Not for use by several threads at once, which DJL's parameter server does not do either.
 */
public final class PlannedOptimizer extends Optimizer {

  private final Map<String, Entry> entries;
  private final OptimizerSettings settings;

  /** One parameter. */
  private record Entry(
      String name,
      MatrixView view,
      Direction direction,
      double learningRate,
      double decay,
      ParameterStates states) {}

  /** The base class wants one; all that it could set is in the plan. */
  private static final class NoSettings extends OptimizerBuilder<NoSettings> {
    @Override
    protected NoSettings self() {
      return this;
    }
  }

  private PlannedOptimizer(Map<String, Entry> entries, OptimizerSettings settings) {
    super(new NoSettings());
    this.entries = entries;
    this.settings = settings;
  }

  /**
   * The optimizer with {@linkplain OptimizerSettings#withDefaults() defaults}.
   *
   * @param parameters the parameters of the network to be trained
   * @param plan a plan of these parameters
   * @return the optimizer, for {@code DefaultTrainingConfig.optOptimizer}
   * @throws IllegalArgumentException as for the other method of this name
   */
  public static PlannedOptimizer of(BlockParameters parameters, Plan plan) {
    return of(parameters, plan, OptimizerSettings.withDefaults());
  }

  /**
   * The optimizer.
   *
   * @param parameters the parameters of the network to be trained
   * @param plan a plan of these parameters; one with multipliers is taken in its {@linkplain
   *     Plan#folded() folded form}, since DJL's blocks do not multiply; the multipliers of a tied
   *     embedding and of residual branches cannot be folded and are the network's to apply
   * @param settings what the plan leaves open
   * @return the optimizer, for {@code DefaultTrainingConfig.optOptimizer}
   * @throws IllegalArgumentException if the plan lacks a parameter or has it in another shape, if a
   *     rule cannot be run here, does not suit a parameter, or contradicts the form of weight decay
   */
  public static PlannedOptimizer of(
      BlockParameters parameters, Plan plan, OptimizerSettings settings) {
    requireDecay(plan, settings);
    Plan folded = plan.folded();
    Set<String> rules = new TreeSet<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (BlockParameter parameter : parameters.all()) {
      PlannedParameter planned = folded.get(parameter.name());
      rules.add(planned.rule().id());
      if (!planned.shape().equals(parameter.shape())) {
        throw new IllegalArgumentException(
            "the plan has '%s' as %s, but the network as %s: plan the network that is trained"
                .formatted(parameter.name(), planned.shape(), parameter.shape()));
      }
      entries.put(
          parameter.id(),
          new Entry(
              parameter.name(),
              parameter.view(),
              direction(planned, settings),
              planned.scale().learningRate(),
              settings.decay().folded(plan.get(parameter.name())),
              new ParameterStates()));
    }
    // A rule of the recipe may have no parameter, as that of hidden weights where there are none.
    for (ParameterGroup group : ParameterGroup.values()) {
      rules.add(plan.recipe().updateRule(group).id());
    }
    Set<String> unused = new TreeSet<>(settings.directions().keySet());
    unused.removeAll(rules);
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "directions were given for %s, but the plan's rules are %s".formatted(unused, rules));
    }
    return new PlannedOptimizer(entries, settings);
  }

  private static Direction direction(PlannedParameter planned, OptimizerSettings settings) {
    Direction direction = settings.direction(planned.rule());
    Scale scale = planned.scale();
    return scale.epsilon().isPresent()
        ? direction.withEpsilon(scale.epsilon().getAsDouble())
        : direction;
  }

  private static void requireDecay(Plan plan, OptimizerSettings settings) {
    WeightDecayConvention convention = plan.recipe().weightDecayConvention();
    boolean decays = plan.parameters().stream().anyMatch(p -> p.scale().weightDecay() != 0);
    if (decays
        && settings.decay() == DecayForm.RATE_FREE
        && convention != WeightDecayConvention.FIXED) {
      throw new IllegalArgumentException(
          ("weight decay without the rate needs a plan of the convention 'fixed', which leaves the"
                  + " decay as it is, but this plan's is '%s', which makes up for rates")
              .formatted(convention.id()));
    }
    boolean adamW = plan.parameters().stream().anyMatch(p -> p.rule().equals(UpdateRules.ADAMW));
    if (decays && adamW && settings.decay() == DecayForm.COUPLED) {
      throw new IllegalArgumentException(
          "weight decay is decoupled in adamw by its name, but was said to be coupled: plan for"
              + " adam");
    }
  }

  /**
   * Steps one parameter; DJL's trainer calls it.
   *
   * @param parameterId DJL's id of the parameter
   * @param weight its array on one device, changed in place
   * @param grad the gradient, not changed
   * @throws IllegalArgumentException if the plan has no parameter of that id, or a state was loaded
   *     that is not this parameter's
   */
  @Override
  public void update(String parameterId, NDArray weight, NDArray grad) {
    Entry entry = entries.get(parameterId);
    if (entry == null) {
      throw new IllegalArgumentException(
          "the plan has no parameter with DJL's id '%s' of shape %s: it was not trained, or not part of the block, when the parameters were read; those planned are %s"
              .formatted(
                  parameterId,
                  weight.getShape(),
                  entries.values().stream().map(Entry::name).toList()));
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      step(entry, parameterId, weight, grad);
    }
  }

  private void step(Entry entry, String parameterId, NDArray weight, NDArray grad) {
    double decay = entry.decay();
    NDArray values = single(entry.view().of(weight.stopGradient()));
    NDArray gradient = single(entry.view().of(grad));
    if (settings.decay() == DecayForm.COUPLED && decay != 0) {
      gradient = gradient.add(values.mul(decay));
    }
    ParameterState state = entry.states().of(weight, gradient, entry.direction());
    state.countUpdate();
    NDArray direction = entry.direction().of(gradient, state);
    if (settings.decay() == DecayForm.CAUTIOUS && decay != 0) {
      NDArray shrinks = direction.mul(values).gt(0f).toType(values.getDataType(), false);
      direction = direction.add(values.mul(shrinks).muli(decay));
    }
    double factor = settings.schedule().getNewValue(parameterId, Math.toIntExact(state.updates()));
    double rate = entry.learningRate() * factor;
    double besideTheRule =
        switch (settings.decay()) {
          case DECOUPLED -> decay;
          case RATE_FREE -> decay / entry.learningRate();
          case COUPLED, CAUTIOUS -> 0;
        };
    NDArray step =
        entry.view().restore(direction, weight.getShape()).toType(weight.getDataType(), false);
    weight
        .getNDArrayInternal()
        .sgdUpdate(
            new NDList(weight, step),
            new NDList(weight),
            (float) rate,
            (float) besideTheRule,
            1,
            -1,
            0,
            false);
  }

  private static NDArray single(NDArray array) {
    DataType type = array.getDataType();
    return type == DataType.FLOAT16 || type == DataType.BFLOAT16
        ? array.toType(DataType.FLOAT32, false)
        : array;
  }

  /**
   * Writes what the rules remember, by the parameters' names. The weights are saved by DJL's {@code
   * Model.save}.
   *
   * @param out where to; flushed but not closed
   * @throws IOException if it cannot be written
   */
  public void save(OutputStream out) throws IOException {
    Map<String, SavedState> states = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      entry
          .states()
          .saved(entry.direction().rule().id())
          .ifPresent(state -> states.put(entry.name(), state));
    }
    SavedState.write(states, new DataOutputStream(out));
  }

  /**
   * Goes on from what was saved, in place of what is remembered now.
   *
   * @param in what {@link #save} wrote, of the same network under the same rules
   * @throws IOException if it cannot be read, or is none of that
   * @throws IllegalArgumentException if a state is of a parameter that there is not, or of another
   *     rule; nothing is changed then
   */
  public void load(InputStream in) throws IOException {
    Map<String, SavedState> saved = SavedState.read(new DataInputStream(in));
    Map<String, Entry> byName = new LinkedHashMap<>();
    entries.values().forEach(entry -> byName.put(entry.name(), entry));
    for (Map.Entry<String, SavedState> state : saved.entrySet()) {
      Entry entry = byName.get(state.getKey());
      if (entry == null) {
        throw new IllegalArgumentException(
            "there is a state of '%s', but the plan has %s"
                .formatted(state.getKey(), byName.keySet()));
      }
      String rule = entry.direction().rule().id();
      if (!rule.equals(state.getValue().rule())) {
        throw new IllegalArgumentException(
            "the state of '%s' is that of %s, but the plan's rule for it is %s"
                .formatted(state.getKey(), state.getValue().rule(), rule));
      }
    }
    byName.forEach((name, entry) -> entry.states().load(Optional.ofNullable(saved.get(name))));
  }
}
