package org.widthwise.core.plan;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.widthwise.core.shape.Role;

/**
 * The scale of every parameter of a model, by name. Roles and scales live here and never in
 * attributes of tensors, which a save, a wrapper or a compiler could lose.
 */
public final class Plan {

  private final Recipe recipe;
  private final Map<String, PlannedParameter> byName;

  Plan(Recipe recipe, List<PlannedParameter> parameters) {
    this.recipe = recipe;
    Map<String, PlannedParameter> map = new LinkedHashMap<>();
    for (PlannedParameter parameter : parameters) {
      if (map.put(parameter.name(), parameter) != null) {
        throw new IllegalArgumentException(
            "two parameters are named '%s': names must be unique".formatted(parameter.name()));
      }
    }
    this.byName = Collections.unmodifiableMap(map);
  }

  /**
   * A plan whose scales were made elsewhere, such as one that was saved.
   *
   * @param recipe what the plan goes by
   * @param parameters the parameters in the model's order
   * @return the plan
   * @throws IllegalArgumentException if two parameters share a name
   */
  public static Plan of(Recipe recipe, List<PlannedParameter> parameters) {
    return new Plan(recipe, parameters);
  }

  /**
   * The recipe that the plan was made by.
   *
   * @return the recipe
   */
  public Recipe recipe() {
    return recipe;
  }

  /**
   * The parameters in the model's order.
   *
   * @return the planned parameters
   */
  public Collection<PlannedParameter> parameters() {
    return byName.values();
  }

  /**
   * The same training without forward multipliers, each folded into its weight's scale (appendix
   * B): what a module that does not multiply needs. Weight decay is meant to be beside the update,
   * times the rate ({@link org.widthwise.core.parametrization.MultiplierFolding#coupledWeightDecay}
   * tells of others). The multiplier of a tied embedding stays, for a table that is read in two
   * ways cannot be rescaled for one of them.
   *
   * @return the plan with every other multiplier 1
   */
  public Plan folded() {
    return new Plan(recipe, byName.values().stream().map(Plan::folded).toList());
  }

  private static PlannedParameter folded(PlannedParameter parameter) {
    return parameter.shape().role() == Role.TIED_EMBEDDING
        ? parameter
        : new PlannedParameter(
            parameter.name(),
            parameter.shape(),
            parameter.branches(),
            parameter.rule(),
            parameter.scale().folded(parameter.rule()));
  }

  /**
   * The number by which every residual branch is multiplied in the forward pass.
   *
   * @return L^−α; 1 if the plan has no parameters in branches
   * @throws IllegalStateException if branches have different multipliers, which are then those of
   *     each parameter's scale
   */
  public double branchMultiplier() {
    double[] found =
        byName.values().stream()
            // A single branch has a multiplier beside a base with several.
            .filter(
                parameter -> parameter.branches() > 1 || parameter.scale().branchMultiplier() != 1)
            .mapToDouble(parameter -> parameter.scale().branchMultiplier())
            .distinct()
            .toArray();
    if (found.length > 1) {
      throw new IllegalStateException(
          "the model's branches have different multipliers, %s: ask each parameter's scale"
              .formatted(Arrays.toString(found)));
    }
    return found.length == 0 ? 1 : found[0];
  }

  /**
   * One parameter.
   *
   * @param name its name
   * @return the planned parameter
   * @throws IllegalArgumentException if the plan has none of that name
   */
  public PlannedParameter get(String name) {
    PlannedParameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "the plan has no parameter '%s'; it has %s".formatted(name, byName.keySet()));
    }
    return parameter;
  }
}
