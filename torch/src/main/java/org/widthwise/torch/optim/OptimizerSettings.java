package org.widthwise.torch.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRule;

/**
 * What an optimizer needs beside a plan: nothing of it depends on width.
 *
 * @param directions the direction of an update rule by the rule's id, where it is not {@link
 *     Directions#named} with its defaults
 * @param schedule the factor on the rates
 * @param decay how weight decay enters
 * @param clipping what is done about large gradients
 */
public record OptimizerSettings(
    Map<String, Direction> directions,
    Schedule schedule,
    DecayForm decay,
    GradientClipping clipping) {

  /**
   * Copies the directions.
   *
   * @param directions the direction of an update rule by the rule's id
   * @param schedule the factor on the rates
   * @param decay how weight decay enters
   * @param clipping what is done about large gradients
   */
  public OptimizerSettings {
    directions = Map.copyOf(directions);
  }

  /**
   * Every rule with its defaults, constant rates, decoupled decay, no clipping.
   *
   * @return the settings
   */
  public static OptimizerSettings withDefaults() {
    return new OptimizerSettings(
        Map.of(), Schedules.constant(), DecayForm.DECOUPLED, GradientClipping.NONE);
  }

  /**
   * The same with another direction for its rule, such as an Adam of other coefficients.
   *
   * @param direction the direction; it replaces that of the rule it is of
   * @return the settings
   */
  public OptimizerSettings with(Direction direction) {
    Map<String, Direction> changed = new LinkedHashMap<>(directions);
    changed.put(direction.rule().id(), direction);
    return new OptimizerSettings(changed, schedule, decay, clipping);
  }

  /**
   * The same with the orthogonalisations of a recipe's rules in bfloat16.
   *
   * @param recipe the recipe
   * @return the settings; equal ones if no rule of the recipe orthogonalises by an iteration
   * @throws IllegalArgumentException if one of its rules has no direction
   */
  public OptimizerSettings inBfloat16(Recipe recipe) {
    OptimizerSettings changed = this;
    for (ParameterGroup group : ParameterGroup.values()) {
      Direction direction = direction(recipe.updateRule(group));
      Direction faster = direction.inBfloat16();
      if (!faster.equals(direction)) {
        changed = changed.with(faster);
      }
    }
    return changed;
  }

  /**
   * The same with another schedule.
   *
   * @param newSchedule the factor on the rates
   * @return the settings
   */
  public OptimizerSettings withSchedule(Schedule newSchedule) {
    return new OptimizerSettings(directions, newSchedule, decay, clipping);
  }

  /**
   * The same with another form of weight decay.
   *
   * @param newDecay how weight decay enters
   * @return the settings
   */
  public OptimizerSettings withDecay(DecayForm newDecay) {
    return new OptimizerSettings(directions, schedule, newDecay, clipping);
  }

  /**
   * The same with another clipping.
   *
   * @param newClipping what is done about large gradients
   * @return the settings
   */
  public OptimizerSettings withClipping(GradientClipping newClipping) {
    return new OptimizerSettings(directions, schedule, decay, newClipping);
  }

  /**
   * The direction of a rule.
   *
   * @param rule the rule
   * @return the direction given for it, else the one of its name
   * @throws IllegalArgumentException if there is none
   */
  public Direction direction(UpdateRule rule) {
    Direction given = directions.get(rule.id());
    return given == null ? Directions.named(rule.id()) : given;
  }
}
