package org.widthwise.audit.plan;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Scale;

/**
 * A plan as PyTorch's optimizers take it: parameter groups, and what initialises the module.
 *
 * <p>A module does not multiply its weights, so multipliers are folded into the scales (appendix
 * B); what cannot be folded, a tied table's use as readout and residual branches, is listed for the
 * module to apply.
 *
 * @param format {@code widthwise-pytorch}
 * @param version of the format
 * @param groups the parameter groups: of parameters that are told the same there is one
 * @param init the first values of each parameter, in the model's order
 * @param multipliers by which the module multiplies a table where it writes the output, by name
 * @param branchMultipliers by which the module multiplies the residual branch that a parameter
 *     stands in, by name, where that is not 1
 */
public record PyTorchGroups(
    String format,
    int version,
    List<Group> groups,
    List<InitialValues> init,
    Map<String, Double> multipliers,
    Map<String, Double> branchMultipliers) {

  /**
   * A parameter group.
   *
   * @param optimizer the update rule's id
   * @param lr the learning rate
   * @param weightDecay the weight decay, to be applied beside the update and times the rate
   * @param eps ε; null where the rule has none
   * @param params the parameters' names
   */
  public record Group(
      String optimizer, double lr, double weightDecay, @Nullable Double eps, List<String> params) {}

  /**
   * Brings a plan into this form.
   *
   * @param file the plan
   * @return its groups
   * @throws IllegalArgumentException if a number is one that cannot be trained with
   */
  public static PyTorchGroups of(PlanFile file) {
    TrainedElsewhere plan = TrainedElsewhere.of(file);
    return new PyTorchGroups(
        "widthwise-pytorch",
        1,
        plan.groups().entrySet().stream()
            .map(
                group ->
                    new Group(
                        group.getKey().optimizer(),
                        group.getKey().learningRate(),
                        group.getKey().weightDecay(),
                        orNull(group.getKey().epsilon()),
                        List.copyOf(group.getValue())))
            .toList(),
        plan.initialValues(),
        plan.multipliers(Scale::multiplier),
        plan.multipliers(Scale::branchMultiplier));
  }

  private static @Nullable Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
