package org.widthwise.lab.check;

import java.util.List;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.shape.Parameter;

/** What makes a plan at each width: a recipe's {@code plan}, or whatever is to be checked. */
@FunctionalInterface
public interface Planner {

  /**
   * The plan.
   *
   * @param parameters the network's parameters
   * @return a plan that has each of them by name
   */
  Plan plan(List<Parameter> parameters);
}
