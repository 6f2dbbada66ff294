package org.widthwise.torch.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.train.Sgd;
import org.widthwise.torch.train.SgdOptions;

/**
 * Puts a plan to work on a module whose parameters it names. A module does not multiply its weights
 * in the forward pass, so a plan with multipliers is taken in its {@linkplain Plan#folded() folded
 * form}, which is the same training.
 */
public final class PlannedModule {

  private PlannedModule() {}

  /**
   * Gives every parameter its first values.
   *
   * @param module the module
   * @param plan a plan that has each of the module's parameters, by the name in {@code
   *     named_parameters()}
   * @param scheme how matrices are drawn
   * @param generator the source of randomness; its state moves on
   * @throws IllegalArgumentException if the plan lacks a parameter
   */
  public static void initialize(Module module, Plan plan, InitScheme scheme, Generator generator) {
    try (PointerScope scope = new PointerScope()) {
      Plan folded = plan.folded();
      StringTensorDict parameters = module.named_parameters();
      for (long i = 0; i < parameters.size(); i++) {
        String name = parameters.get(i).key().getString();
        scheme.initializer(folded.get(name)).fill(parameters.get(i).value(), generator);
      }
    }
  }

  /**
   * Gradient descent at the plan's rates and weight decays.
   *
   * @param module the module
   * @param plan a plan for gradient descent that has each of the module's parameters
   * @param options momentum; their weight decay must be 0, for the plan has one
   * @return the optimizer
   * @throws IllegalArgumentException if the plan is for another update rule or lacks a parameter,
   *     or if the options have a weight decay
   */
  public static Sgd sgd(Module module, Plan plan, SgdOptions options) {
    UpdateRule rule = plan.recipe().updateRule();
    if (!rule.equals(UpdateRules.SGD)) {
      throw new IllegalArgumentException(
          "the plan's rates are for %s; gradient descent needs those of a plan for sgd"
              .formatted(rule.id()));
    }
    if (options.weightDecay() != 0) {
      throw new IllegalArgumentException(
          "weight decay %s was given beside a plan: give it to the plan's recipe, which scales it"
              .formatted(options.weightDecay()));
    }
    Map<String, Double> rates = new LinkedHashMap<>();
    Map<String, Double> weightDecays = new LinkedHashMap<>();
    for (PlannedParameter parameter : plan.folded().parameters()) {
      rates.put(parameter.name(), parameter.scale().learningRate());
      weightDecays.put(parameter.name(), parameter.scale().weightDecay());
    }
    return new Sgd(module, rates, weightDecays, options);
  }
}
