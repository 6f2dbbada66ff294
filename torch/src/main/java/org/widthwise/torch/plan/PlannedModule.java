package org.widthwise.torch.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.measure.TensorNorms;
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
   * Gives every parameter its first values. Single numbers and the slopes of a PReLU are left as
   * the module has them, unless the plan gives them a deviation: they multiply, and no rule of
   * width says by how much.
   *
   * @param module the module
   * @param plan a plan that has each of the module's parameters, by the name in {@code
   *     named_parameters()}, or all of its {@link Parts}, each of which is drawn by itself
   * @param scheme how matrices are drawn
   * @param generator the source of randomness; its state moves on
   * @throws IllegalArgumentException if the plan lacks a parameter, or has parts that do not make
   *     it up
   */
  public static void initialize(Module module, Plan plan, InitScheme scheme, Generator generator) {
    try (PointerScope scope = new PointerScope()) {
      for (PlannedTensor tensor : drawn(module, plan)) {
        scheme.initializer(tensor.planned()).fill(tensor.values(), generator);
      }
    }
  }

  /**
   * Brings the values that a module has, however they were drawn, to the size that the plan gives
   * them, and leaves their pattern alone: each parameter's deviations from the plan's mean are
   * multiplied so that their root mean square is the plan's standard deviation. A parameter whose
   * planned deviation is 0, such as a bias, is set to the plan's mean; what {@link #initialize}
   * leaves as it is stays as it is.
   *
   * @param module the module
   * @param plan a plan that has each of the module's parameters
   * @throws IllegalArgumentException if the plan lacks a parameter, or a parameter that is to have
   *     a deviation has none, or has values that are not finite
   */
  public static void rescale(Module module, Plan plan) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (PlannedTensor tensor : drawn(module, plan)) {
        rescale(tensor.planned(), tensor.values());
      }
    }
  }

  /** The tensors whose first values are the plan's, in the folded plan. */
  private static List<PlannedTensor> drawn(Module module, Plan plan) {
    Set<String> slopes = ModuleKinds.slopes(module);
    return PlannedTensor.of(module, plan.folded()).values().stream()
        .filter(
            tensor ->
                tensor.planned().scale().initStd() != 0
                    || !(tensor.planned().shape().role() == Role.SCALAR
                        || slopes.contains(tensor.parameter())))
        .toList();
  }

  private static void rescale(PlannedParameter parameter, Tensor tensor) {
    Scale scale = parameter.scale();
    if (scale.initStd() == 0) {
      tensor.fill_(new Scalar(scale.initMean()));
      return;
    }
    Tensor deviations = tensor.sub(new Scalar(scale.initMean()));
    double rootMeanSquare = TensorNorms.frobenius(deviations) / Math.sqrt((double) tensor.numel());
    if (!(rootMeanSquare > 0 && Double.isFinite(rootMeanSquare))) {
      throw new IllegalArgumentException(
          ("'%s' cannot be rescaled to a standard deviation of %s: that of its values is %s; give"
                  + " it first values, or an init prefactor of 0")
              .formatted(parameter.name(), scale.initStd(), rootMeanSquare));
    }
    tensor.copy_(
        deviations
            .mul_(new Scalar(scale.initStd() / rootMeanSquare))
            .add_(new Scalar(scale.initMean())));
  }

  /**
   * Gradient descent at the plan's rates and weight decays.
   *
   * @param module the module
   * @param plan a plan for gradient descent that has each of the module's parameters
   * @param options momentum; their weight decay must be 0, for the plan has one
   * @return the optimizer
   * @throws IllegalArgumentException if the plan is for another update rule, lacks a parameter or
   *     has one in {@link Parts}, or if the options have a weight decay
   */
  public static Sgd sgd(Module module, Plan plan, SgdOptions options) {
    for (PlannedParameter parameter : plan.parameters()) {
      if (!parameter.rule().equals(UpdateRules.SGD)) {
        throw new IllegalArgumentException(
            "the plan's rate of '%s' is for %s; gradient descent needs those of a plan for sgd"
                .formatted(parameter.name(), parameter.rule().id()));
      }
    }
    if (options.weightDecay() != 0) {
      throw new IllegalArgumentException(
          "weight decay %s was given beside a plan: give it to the plan's recipe, which scales it"
              .formatted(options.weightDecay()));
    }
    requireWhole(module, plan);
    Map<String, Double> rates = new LinkedHashMap<>();
    Map<String, Double> weightDecays = new LinkedHashMap<>();
    for (PlannedParameter parameter : plan.folded().parameters()) {
      rates.put(parameter.name(), parameter.scale().learningRate());
      weightDecays.put(parameter.name(), parameter.scale().weightDecay());
    }
    return new Sgd(module, rates, weightDecays, options);
  }

  private static void requireWhole(Module module, Plan plan) {
    try (PointerScope scope = new PointerScope()) {
      for (PlannedTensor tensor : PlannedTensor.ofSome(module, plan).values()) {
        if (tensor.isPart()) {
          throw new IllegalArgumentException(
              ("the plan has a rate for each part of '%s', such as '%s', but this steps whole"
                      + " tensors: take PlannedOptimizer.of(module, plan)")
                  .formatted(tensor.parameter(), tensor.planned().name()));
        }
      }
    }
  }
}
