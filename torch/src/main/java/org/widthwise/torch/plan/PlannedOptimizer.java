package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.optim.DecayForm;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.optim.ParameterState;
import org.widthwise.torch.optim.ParameterUpdate;
import org.widthwise.torch.optim.StatePrecision;
import org.widthwise.torch.train.Optimizer;

/**
 * The optimizer of a whole module by its plan: each parameter with the update rule, learning rate,
 * ε and weight decay that the plan gives it. No rule knows the word width; the plan is the last
 * link.
 *
 * <p>Rules see each parameter in its {@link MatrixView}. A plan with forward multipliers is taken
 * in its {@linkplain Plan#folded() folded form}, since a module does not multiply; the multiplier
 * of a tied embedding and those of residual branches cannot be folded and are the module's to
 * apply.
 *
 * <p>The {@link Parts} of a fused parameter are parameters here: each has the updates, the share in
 * clipping and the state that it would have in a layer of its own.
 *
 * <p>Parameters without a gradient, or frozen, are left alone, and their state too. A gradient that
 * is not finite goes into weights and state as it is: check the loss. Sparse gradients are taken as
 * dense ones, so that the state of rows without a gradient decays as well.
 *
 * <p>State lives in the {@link PointerScope} that is open when the optimizer is made, so make it
 * outside the scope of a single step; and on the device of its parameter, so move the module first.
 */
public final class PlannedOptimizer implements Optimizer {

  private static final String STEPS = "steps";
  private static final String UPDATES = "updates";
  private static final char SEPARATOR = '/';

  private final Module module;
  private final Plan plan;
  private final OptimizerSettings settings;
  private final List<Slot> slots;
  private long steps;

  /** One parameter with all that is known and remembered of it. */
  private static final class Slot {
    final PlannedParameter planned;
    final PlannedTensor tensor;
    final MatrixView view;
    final double decay;
    ParameterUpdate update;

    Slot(PlannedTensor tensor, Direction direction, double decay) {
      this.planned = tensor.planned();
      this.tensor = tensor;
      this.decay = decay;
      this.view = MatrixView.of(planned.shape());
      this.update =
          new ParameterUpdate(direction, planned.scale().learningRate(), view.of(tensor.values()));
    }

    /** The updates that go on from a state; checks that it is this parameter's. */
    ParameterUpdate updates(ParameterState state) {
      return new ParameterUpdate(
          update.direction(), update.learningRate(), view.of(tensor.values()), state);
    }

    /** Copies a state into the tensors that there are, wherever it was. */
    void takeOver(ParameterState state) {
      Map<String, Tensor> own = update.state().tensors();
      own.forEach((name, remembered) -> remembered.copy_(state.tensor(name)));
      update = updates(new ParameterState(state.updates(), own));
    }

    /** The gradient's size by that of eq. 20. */
    double relativeSize(Tensor gradient) {
      return TensorNorms.frobenius(gradient)
          * planned.scale().targetSpectralNorm()
          * Math.sqrt(planned.shape().groups());
    }
  }

  private PlannedOptimizer(Module module, Plan plan, OptimizerSettings settings, List<Slot> slots) {
    this.module = module;
    this.plan = plan;
    this.settings = settings;
    this.slots = slots;
  }

  /**
   * The optimizer with the defaults of each rule of the plan, constant rates and decoupled decay.
   *
   * @param module the module
   * @param plan a plan that has each of the module's parameters, by its first name in {@code
   *     named_parameters()}, or all of its {@link Parts}
   * @return the optimizer
   * @throws IllegalArgumentException as {@link #of(Module, Plan, OptimizerSettings)}
   */
  public static PlannedOptimizer of(Module module, Plan plan) {
    return of(module, plan, OptimizerSettings.withDefaults());
  }

  /**
   * The optimizer.
   *
   * @param module the module
   * @param plan a plan that has each of the module's parameters, by its first name in {@code
   *     named_parameters()}, or all of its {@link Parts}
   * @param settings what does not depend on width
   * @return the optimizer
   * @throws IllegalArgumentException if the plan lacks a parameter or has one of another shape, if
   *     no direction is known for one of its rules, if a direction was given for a rule that the
   *     plan does not have, or if the plan scales a weight decay that is to be applied without rate
   */
  public static PlannedOptimizer of(Module module, Plan plan, OptimizerSettings settings) {
    Plan folded = plan.folded();
    requireDecay(plan, settings);
    Set<String> rules = new TreeSet<>();
    List<Slot> slots = new ArrayList<>();
    PlannedTensor.of(module, folded)
        .forEach(
            (name, tensor) -> {
              PlannedParameter planned = tensor.planned();
              rules.add(planned.rule().id());
              try {
                double decay = settings.decay().folded(plan.get(name));
                slots.add(new Slot(tensor, direction(planned, settings), decay));
              } catch (IllegalArgumentException unfit) {
                throw new IllegalArgumentException(
                    "'%s': %s".formatted(name, unfit.getMessage()), unfit);
              }
            });
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
    return new PlannedOptimizer(module, plan, settings, List.copyOf(slots));
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
    if (settings.decay() == DecayForm.RATE_FREE
        && decays
        && convention != WeightDecayConvention.FIXED) {
      throw new IllegalArgumentException(
          ("weight decay without the rate needs a plan that leaves the decay as it is, of the"
                  + " convention 'fixed', but this plan's is '%s', which makes up for rates")
              .formatted(convention.id()));
    }
  }

  @Override
  public void step() {
    double factor = settings.schedule().factor(steps);
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      double clip = clipFactor();
      for (Slot slot : slots) {
        Tensor gradient = slot.tensor.gradient();
        if (gradient != null) {
          try (PointerScope one = new PointerScope()) {
            Tensor raised = StatePrecision.raised(gradient);
            step(slot, clip == 1 ? raised : raised.mul(new Scalar(clip)), factor);
          }
        }
      }
    }
    steps++;
  }

  private double clipFactor() {
    if (!settings.clipping().clips()) {
      return 1;
    }
    double squares = 0;
    int count = 0;
    for (Slot slot : slots) {
      Tensor gradient = slot.tensor.gradient();
      if (gradient != null) {
        double size = slot.relativeSize(gradient);
        squares += size * size;
        count++;
      }
    }
    return count == 0 ? 1 : settings.clipping().factor(Math.sqrt(squares / count));
  }

  private void step(Slot slot, Tensor gradient, double factor) {
    Tensor own = slot.tensor.values();
    boolean half = Tensors.type(own) != StatePrecision.of(own);
    // In half precision what decay and update add is rounded once, together.
    Tensor parameter = half ? StatePrecision.raised(own) : own;
    double decay = slot.decay;
    double rate = slot.planned.scale().learningRate() * factor;
    boolean coupled = settings.decay() == DecayForm.COUPLED && decay != 0;
    Tensor decayed = coupled ? gradient.add(parameter, new Scalar(decay)) : gradient;
    Tensor direction = slot.view.restore(slot.update.raw(slot.view.of(decayed), slot.view.of(own)));
    if (decay != 0) {
      switch (settings.decay()) {
        case COUPLED -> {}
        case DECOUPLED -> parameter.mul_(new Scalar(1 - rate * decay));
        case RATE_FREE -> parameter.mul_(new Scalar(1 - factor * decay));
        case CAUTIOUS -> {
          Tensor shrinks = direction.mul(parameter).mul_(new Scalar(rate)).gt(new Scalar(0.0));
          parameter.sub_(parameter.mul(shrinks), new Scalar(rate * decay));
        }
      }
    }
    parameter.add_(direction, new Scalar(-rate));
    if (half) {
      own.copy_(parameter);
    }
  }

  @Override
  public void zeroGradients() {
    module.zero_grad(true);
  }

  /**
   * The plan, as it was given.
   *
   * @return the plan
   */
  public Plan plan() {
    return plan;
  }

  /**
   * The settings, as they were given.
   *
   * @return what does not depend on width
   */
  public OptimizerSettings settings() {
    return settings;
  }

  /**
   * The number of steps taken.
   *
   * @return the number
   */
  public long steps() {
    return steps;
  }

  /**
   * Everything that the optimizer remembers, to be saved: with it, and with the weights, the same
   * plan and the same settings, {@link #restore} goes on to the same bits.
   *
   * @return by name {@code steps}, for each parameter {@code <name>/updates}, both whole numbers,
   *     and {@code <name>/<tensor>} for what its rule remembers, in its matrix view; the tensors
   *     are the optimizer's own
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put(STEPS, number(steps));
    for (Slot slot : slots) {
      String prefix = slot.planned.name() + SEPARATOR;
      ParameterState remembered = slot.update.state();
      state.put(prefix + UPDATES, number(remembered.updates()));
      remembered.tensors().forEach((name, tensor) -> state.put(prefix + name, tensor));
    }
    return state;
  }

  /**
   * Takes over what another optimizer of the same plan and settings remembered.
   *
   * @param saved what {@link #state()} gave; copied into this optimizer's own tensors
   * @throws IllegalArgumentException if it is that of other parameters or other rules; nothing has
   *     changed then
   */
  public void restore(Map<String, Tensor> saved) {
    Set<String> missing = new TreeSet<>(state().keySet());
    missing.removeAll(saved.keySet());
    Set<String> unknown = new TreeSet<>(saved.keySet());
    unknown.removeAll(state().keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the state is that of another plan or of other rules: it lacks %s and has %s beside"
              .formatted(missing, unknown));
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<ParameterState> states = new ArrayList<>();
      for (Slot slot : slots) {
        states.add(fitting(slot, saved));
      }
      for (int i = 0; i < states.size(); i++) {
        slots.get(i).takeOver(states.get(i));
      }
      steps = entry(saved, STEPS).item_long();
    }
  }

  /** What was saved of a parameter, if it can be that parameter's. */
  private static ParameterState fitting(Slot slot, Map<String, Tensor> saved) {
    String prefix = slot.planned.name() + SEPARATOR;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : slot.update.state().tensors().keySet()) {
      tensors.put(name, entry(saved, prefix + name));
    }
    try {
      ParameterState state =
          new ParameterState(entry(saved, prefix + UPDATES).item_long(), tensors);
      slot.updates(state);
      return state;
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(
          "'%s': %s".formatted(slot.planned.name(), unfit.getMessage()), unfit);
    }
  }

  private static Tensor entry(Map<String, Tensor> saved, String name) {
    Tensor tensor = saved.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the state has no '%s'".formatted(name));
    }
    return tensor;
  }

  private static Tensor number(long value) {
    return torch.zeros(new long[] {1}, new TensorOptions(ScalarType.Long)).fill_(new Scalar(value));
  }
}
