package org.widthwise.lab.paper;

import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.train.LayerDirections;
import org.widthwise.torch.train.LayerRates;

/**
 * A perceptron, how it starts and how it is stepped.
 *
 * @param shape its layers
 * @param plan the deviations of its first values
 * @param directions the update rule of every weight and bias
 * @param rates their learning rates, those of the plan or wrong ones on purpose
 */
record RuleNetwork(MlpShape shape, Plan plan, LayerDirections directions, LayerRates rates) {

  /** The network that a recipe makes of a shape. */
  static RuleNetwork of(MlpShape shape, Recipe recipe, Direction direction) {
    return of(shape, recipe.plan(MlpParameters.of(shape)), direction);
  }

  /** The network of a plan, its rates and ε included. */
  static RuleNetwork of(MlpShape shape, Plan plan, Direction direction) {
    return new RuleNetwork(
        shape,
        plan,
        MlpParameters.directions(direction, plan, shape),
        MlpParameters.rates(plan, shape));
  }

  /** The same at other rates. */
  RuleNetwork withRates(LayerRates newRates) {
    return new RuleNetwork(shape, plan, directions, newRates);
  }
}
