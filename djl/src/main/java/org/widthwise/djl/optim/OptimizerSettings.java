package org.widthwise.djl.optim;

import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.widthwise.core.update.UpdateRule;

/**
 * What an optimizer needs beside a plan: nothing of it depends on width.
 *
 * @param directions the direction of an update rule by the rule's id, where it is not {@link
 *     Directions#named} with its defaults
 * @param schedule the factor on the rates at each update, counted from 1 for each parameter
 * @param decay how weight decay enters
 */
public record OptimizerSettings(
    Map<String, Direction> directions, ParameterTracker schedule, DecayForm decay) {

  /**
   * Copies the directions.
   *
   * @param directions the direction of an update rule by the rule's id
   * @param schedule the factor on the rates
   * @param decay how weight decay enters
   */
  public OptimizerSettings {
    directions = Map.copyOf(directions);
  }

  /**
   * Every rule with its defaults, constant rates, decoupled decay.
   *
   * @return the settings
   */
  public static OptimizerSettings withDefaults() {
    return new OptimizerSettings(Map.of(), Tracker.fixed(1), DecayForm.DECOUPLED);
  }

  /**
   * The same with another direction for its rule: {@code with(new Momentum(0.9, true))} for
   * gradient descent with look-ahead. Its ε is still the plan's.
   *
   * @param direction the direction; it replaces that of the rule it is of
   * @return the settings
   */
  public OptimizerSettings with(Direction direction) {
    Map<String, Direction> changed = new LinkedHashMap<>(directions);
    changed.put(direction.rule().id(), direction);
    return new OptimizerSettings(changed, schedule, decay);
  }

  /**
   * The same with another schedule, such as one of DJL's {@code Tracker}s. It gives a factor, so a
   * cosine runs from 1, not from a rate.
   *
   * @param newSchedule the factor on the rates
   * @return the settings
   */
  public OptimizerSettings withSchedule(ParameterTracker newSchedule) {
    return new OptimizerSettings(directions, newSchedule, decay);
  }

  /**
   * The same with another form of weight decay.
   *
   * @param newDecay how weight decay enters
   * @return the settings
   */
  public OptimizerSettings withDecay(DecayForm newDecay) {
    return new OptimizerSettings(directions, schedule, newDecay);
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
