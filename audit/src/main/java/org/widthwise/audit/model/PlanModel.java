package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.widthwise.audit.plan.PlanFile;
import org.widthwise.core.plan.PlannedParameter;

/** The model that a plan was made for. */
final class PlanModel {

  private PlanModel() {}

  static ModelDescription describe(PlanFile file) {
    List<DeclaredParameter> parameters = new ArrayList<>();
    for (PlannedParameter planned : file.plan().parameters()) {
      parameters.add(
          new DeclaredParameter(
              planned.name(),
              file.origin(planned.name()).shape(),
              Optional.of(planned.shape().role().id()),
              Optional.of(planned.shape().layer().id()),
              OptionalInt.of(planned.shape().maps()),
              OptionalInt.of(planned.branches())));
    }
    return new ModelDescription(parameters, List.of(), Map.of());
  }
}
