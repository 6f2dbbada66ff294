package org.widthwise.lab.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Scale;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.ParameterState;
import org.widthwise.torch.optim.ParameterUpdate;
import org.widthwise.torch.train.Optimizer;

/** An update rule on every parameter of a module, at the rates and with the ε of a plan. */
final class PlanSteps implements Optimizer {

  private final Module module;
  private final List<Slot> slots;

  private record Slot(String name, Tensor parameter, ParameterUpdate update) {}

  private PlanSteps(Module module, List<Slot> slots) {
    this.module = module;
    this.slots = List.copyOf(slots);
  }

  /**
   * The steps from a number of updates on; the state's tensors are those of the beginning.
   *
   * @param updates how many updates were made, 0 at the beginning
   */
  static PlanSteps of(Module module, Plan plan, Direction direction, long updates) {
    Plan folded = plan.folded();
    List<Slot> slots = new ArrayList<>();
    ModuleTensors.parameters(module)
        .forEach(
            (name, parameter) -> {
              Scale scale = folded.get(name).scale();
              Direction scaled =
                  scale.epsilon().isPresent()
                      ? direction.withEpsilon(scale.epsilon().getAsDouble())
                      : direction;
              ParameterState state = new ParameterState(updates, scaled.initialState(parameter));
              slots.add(
                  new Slot(
                      name,
                      parameter,
                      new ParameterUpdate(scaled, scale.learningRate(), parameter, state)));
            });
    return new PlanSteps(module, slots);
  }

  /** The tensors that the rule remembers, by parameter and name; changed in place. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Slot slot : slots) {
      slot.update()
          .state()
          .tensors()
          .forEach((name, tensor) -> state.put(slot.name() + "/" + name, tensor));
    }
    return state;
  }

  @Override
  public void zeroGradients() {
    module.zero_grad(true);
  }

  @Override
  public void step() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Slot slot : slots) {
        Tensor gradient = slot.parameter().grad();
        if (gradient.defined()) {
          slot.parameter().add_(slot.update().next(gradient, slot.parameter()));
        }
      }
    }
  }
}
