package org.widthwise.audit.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

/** What a plan file holds; the components are its keys, in snake case. */
record PlanDocument(
    String format,
    long version,
    String parametrization,
    String optimizer,
    double learningRate,
    double gain,
    double weightDecay,
    String decayConvention,
    double epsilon,
    String epsilonConvention,
    double depthScaling,
    Map<String, Group> groups,
    List<Row> parameters) {

  static final String FORMAT = "widthwise-plan";
  static final long VERSION = 1;

  /** What a group of parameters has of its own. */
  record Group(
      @Nullable String optimizer,
      @Nullable Double learningRate,
      double initPrefactor,
      double ratePrefactor) {}

  /** One parameter. */
  record Row(
      String name,
      List<Long> shape,
      String role,
      String layer,
      long fanIn,
      long fanOut,
      double initMean,
      double initStd,
      double learningRate,
      double weightDecay,
      @Nullable Double epsilon,
      double multiplier,
      double targetSpectralNorm,
      @Nullable String reason,
      List<Long> dimensions,
      int maps,
      int branches,
      String optimizer,
      double branchMultiplier) {}

  static PlanDocument of(PlanFile file) {
    Recipe recipe = file.plan().recipe();
    Map<String, Group> groups = new LinkedHashMap<>();
    for (ParameterGroup group : ParameterGroup.values()) {
      boolean own = recipe.groupsWithOwnRule().contains(group);
      Prefactor prefactor = recipe.prefactor(group);
      groups.put(
          group.id(),
          new Group(
              own ? id(recipe.updateRule(group)) : null,
              own ? recipe.learningRate(group) : null,
              prefactor.init(),
              prefactor.rate()));
    }
    return new PlanDocument(
        FORMAT,
        VERSION,
        id(recipe.parametrization()),
        id(recipe.updateRule()),
        recipe.learningRate(),
        recipe.gain(),
        recipe.weightDecay(),
        recipe.weightDecayConvention().id(),
        recipe.epsilon(),
        recipe.epsilonConvention().id(),
        recipe.depthScaling().alpha(),
        groups,
        file.plan().parameters().stream().map(p -> row(p, file.origin(p.name()))).toList());
  }

  private static Row row(PlannedParameter planned, PlanFile.Origin origin) {
    ParameterShape shape = planned.shape();
    Fans fans = shape.fans();
    Scale scale = planned.scale();
    Scales.check(planned.name(), scale);
    return new Row(
        planned.name(),
        origin.shape(),
        shape.role().id(),
        shape.layer().id(),
        fans.fanIn(),
        fans.fanOut(),
        scale.initMean(),
        scale.initStd(),
        scale.learningRate(),
        scale.weightDecay(),
        scale.epsilon().isPresent() ? scale.epsilon().getAsDouble() : null,
        scale.multiplier(),
        scale.targetSpectralNorm(),
        origin.reason().orElse(null),
        shape.dimensions(),
        shape.maps(),
        planned.branches(),
        id(planned.rule()),
        scale.branchMultiplier());
  }

  /** The name by which whoever reads the file finds the same rule again. */
  private static String id(UpdateRule rule) {
    if (UpdateRules.all().contains(rule)) {
      return rule.id();
    }
    throw new IllegalArgumentException(
        ("a plan file names its optimizers, but '%s' is none of those that are found by name: give"
                + " %s the annotation @AutoService(UpdateRule.class)")
            .formatted(rule.id(), rule.getClass().getName()));
  }

  private static String id(Parametrization parametrization) {
    boolean found;
    try {
      found = Parametrizations.named(parametrization.id()).getClass() == parametrization.getClass();
    } catch (IllegalArgumentException unknown) {
      found = false;
    }
    if (found) {
      return parametrization.id();
    }
    throw new IllegalArgumentException(
        ("a plan file names its parametrization, but '%s' is none of those that are found by name:"
                + " give %s the annotation @AutoService(Parametrization.class), or read exponents"
                + " by Abc.parse")
            .formatted(parametrization.id(), parametrization.getClass().getName()));
  }
}
