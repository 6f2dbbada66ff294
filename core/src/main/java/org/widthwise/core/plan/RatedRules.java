package org.widthwise.core.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRule;

/** The rule of most parameters, and those of the groups that have another. */
record RatedRules(RatedRule main, Map<ParameterGroup, RatedRule> others) {

  /**
   * An update rule and its global learning rate.
   *
   * @param learningRate above 0 and finite
   */
  record RatedRule(UpdateRule rule, double learningRate) {
    RatedRule {
      Checks.positive("learning rate", learningRate);
    }
  }

  RatedRule of(ParameterGroup group) {
    return others.getOrDefault(group, main);
  }

  RatedRules withMainRate(double learningRate) {
    return new RatedRules(new RatedRule(main.rule(), learningRate), others);
  }

  RatedRules with(ParameterGroup group, RatedRule rule) {
    Map<ParameterGroup, RatedRule> changed = new EnumMap<>(ParameterGroup.class);
    changed.putAll(others);
    changed.put(group, rule);
    return new RatedRules(main, Collections.unmodifiableMap(changed));
  }
}
