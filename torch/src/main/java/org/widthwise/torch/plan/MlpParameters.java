package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.train.LayerDirections;
import org.widthwise.torch.train.LayerRates;

/** What a multilayer perceptron's parameters are, for plans. */
public final class MlpParameters {

  private MlpParameters() {}

  /**
   * The parameters by the names that {@link Mlp} gives them: the first weight reads the input, the
   * last writes the output (of a single layer too), the others are hidden.
   *
   * @param shape the network's shape
   * @return weights and biases, layer by layer
   */
  public static List<Parameter> of(MlpShape shape) {
    List<Parameter> parameters = new ArrayList<>();
    for (int layer = 0; layer < shape.depth(); layer++) {
      Layer place = place(layer, shape.depth());
      parameters.add(
          new Parameter(
              Mlp.weightName(layer),
              ParameterShape.matrix(place, shape.fanOut(layer), shape.fanIn(layer))));
      if (shape.bias()) {
        parameters.add(
            new Parameter(Mlp.biasName(layer), ParameterShape.bias(place, shape.fanOut(layer))));
      }
    }
    return parameters;
  }

  private static Layer place(int layer, int depth) {
    if (layer == depth - 1) {
      return Layer.READOUT;
    }
    return layer == 0 ? Layer.INPUT : Layer.HIDDEN;
  }

  /**
   * The learning rates of a plan in the order of a perceptron's layers.
   *
   * @param plan a plan of {@link #of} of the same shape
   * @param shape the network's shape
   * @return the rates
   * @throws IllegalArgumentException if the plan lacks a parameter, or multiplies one in the
   *     forward pass, which {@link Mlp} does not do
   */
  public static LayerRates rates(Plan plan, MlpShape shape) {
    double[] weights = new double[shape.depth()];
    double[] biases = new double[shape.bias() ? shape.depth() : 0];
    for (int layer = 0; layer < shape.depth(); layer++) {
      weights[layer] = rate(plan, Mlp.weightName(layer));
      if (shape.bias()) {
        biases[layer] = rate(plan, Mlp.biasName(layer));
      }
    }
    return LayerRates.of(weights, biases);
  }

  /**
   * An update rule with the ε of a plan, in the order of a perceptron's layers.
   *
   * @param direction the rule
   * @param plan a plan of {@link #of} of the same shape, for that rule
   * @param shape the network's shape
   * @return the rule for each parameter
   * @throws IllegalArgumentException if the plan is for another rule, lacks a parameter, or has a
   *     weight decay, which directions do not know
   */
  public static LayerDirections directions(Direction direction, Plan plan, MlpShape shape) {
    List<Direction> weights = new ArrayList<>();
    List<Direction> biases = new ArrayList<>();
    for (int layer = 0; layer < shape.depth(); layer++) {
      weights.add(scaled(direction, plan, Mlp.weightName(layer)));
      if (shape.bias()) {
        biases.add(scaled(direction, plan, Mlp.biasName(layer)));
      }
    }
    return new LayerDirections(weights, biases);
  }

  private static Direction scaled(Direction direction, Plan plan, String name) {
    PlannedParameter planned = plan.get(name);
    if (!planned.rule().id().equals(direction.rule().id())) {
      throw new IllegalArgumentException(
          "the plan's rate of '%s' is for %s; %s needs those of a plan for %s"
              .formatted(name, planned.rule().id(), direction, direction.rule().id()));
    }
    Scale scale = planned.scale();
    if (scale.weightDecay() != 0) {
      throw new IllegalArgumentException(
          "the plan gives '%s' the weight decay %s, which is not applied here: leave it out"
              .formatted(name, scale.weightDecay()));
    }
    return scale.epsilon().isPresent()
        ? direction.withEpsilon(scale.epsilon().getAsDouble())
        : direction;
  }

  private static double rate(Plan plan, String name) {
    Scale scale = plan.get(name).scale();
    if (scale.multiplier() != 1) {
      throw new IllegalArgumentException(
          ("the plan multiplies '%s' by %s in the forward pass, which a perceptron does not do:"
                  + " take a parametrization without multipliers, or fold them into the scale")
              .formatted(name, scale.multiplier()));
    }
    return scale.learningRate();
  }
}
