package org.widthwise.audit.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;

/** What the forms for other frameworks have in common: a plan without multipliers, in groups. */
record TrainedElsewhere(PlanFile file, Plan folded) {

  /** What an optimizer is told of a parameter. */
  record Hyperparameters(
      String optimizer, double learningRate, double weightDecay, OptionalDouble epsilon) {

    static Hyperparameters of(PlannedParameter parameter) {
      Scale scale = parameter.scale();
      return new Hyperparameters(
          parameter.rule().id(), scale.learningRate(), scale.weightDecay(), scale.epsilon());
    }
  }

  static TrainedElsewhere of(PlanFile file) {
    Plan folded = file.plan().folded();
    folded.parameters().forEach(p -> Scales.check(p.name(), p.scale()));
    return new TrainedElsewhere(file, folded);
  }

  /** The parameters that are told the same, in the model's order. */
  Map<Hyperparameters, List<String>> groups() {
    Map<Hyperparameters, List<String>> groups = new LinkedHashMap<>();
    for (PlannedParameter parameter : folded.parameters()) {
      groups
          .computeIfAbsent(Hyperparameters.of(parameter), key -> new ArrayList<>())
          .add(parameter.name());
    }
    return groups;
  }

  List<InitialValues> initialValues() {
    return folded.parameters().stream()
        .map(
            p ->
                new InitialValues(
                    p.name(),
                    file.origin(p.name()).shape(),
                    p.scale().initMean(),
                    p.scale().initStd()))
        .toList();
  }

  /** What a module has to multiply by itself, where that is not 1. */
  Map<String, Double> multipliers(ToDoubleFunction<Scale> multiplier) {
    Map<String, Double> found = new LinkedHashMap<>();
    for (PlannedParameter parameter : folded.parameters()) {
      double value = multiplier.applyAsDouble(parameter.scale());
      if (value != 1) {
        found.put(parameter.name(), value);
      }
    }
    return found;
  }
}
