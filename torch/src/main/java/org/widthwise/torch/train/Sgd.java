package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.engine.Tensors;

/**
 * Stochastic gradient descent with one learning rate per parameter, by name: {@code p ← p − η_p·g}
 * (eq. 18), with momentum, Nesterov's step and coupled weight decay as in libtorch.
 *
 * <p>Momentum and scalars live in the {@link PointerScope} that is open when the object is made, so
 * make it outside the scope of a single step.
 */
public final class Sgd implements Optimizer {
  private final Module module;
  private final SgdOptions options;
  private final Scalar momentum;
  private final List<Slot> slots = new ArrayList<>();

  private record Slot(
      Tensor parameter,
      Scalar minusRate,
      @Nullable Scalar weightDecay,
      @Nullable Tensor velocity) {}

  /**
   * SGD on all parameters of a module.
   *
   * @param module the module
   * @param rates the learning rate of every parameter, by its name in {@code named_parameters()}
   * @param options momentum and weight decay
   * @throws IllegalArgumentException if a parameter has no rate, a rate no parameter, or a rate is
   *     not finite
   */
  public Sgd(Module module, Map<String, Double> rates, SgdOptions options) {
    this(module, rates, Map.of(), options);
  }

  /**
   * SGD on all parameters of a module, with weight decays of their own.
   *
   * @param module the module
   * @param rates the learning rate of every parameter, by its name in {@code named_parameters()}
   * @param weightDecays the weight decay, added to the gradient, of parameters that have another
   *     than that of the options
   * @param options momentum and weight decay
   * @throws IllegalArgumentException if a parameter has no rate, a rate or decay no parameter, or a
   *     number is not finite
   */
  public Sgd(
      Module module,
      Map<String, Double> rates,
      Map<String, Double> weightDecays,
      SgdOptions options) {
    this.module = module;
    this.options = options;
    this.momentum = new Scalar(options.momentum());
    Set<String> names = new TreeSet<>();
    try (StringTensorDict parameters = module.named_parameters()) {
      for (long i = 0; i < parameters.size(); i++) {
        String name = parameters.get(i).key().getString();
        names.add(name);
        Double rate = rates.get(name);
        if (rate == null || !Double.isFinite(rate)) {
          throw new IllegalArgumentException(
              "SGD needs a finite learning rate for every parameter, but that of "
                  + name
                  + " is "
                  + rate);
        }
        double weightDecay = weightDecays.getOrDefault(name, options.weightDecay());
        if (!Double.isFinite(weightDecay)) {
          throw new IllegalArgumentException(
              "SGD needs finite weight decays, but that of " + name + " is " + weightDecay);
        }
        Tensor parameter = Tensors.kept(parameters.get(i).value());
        slots.add(
            new Slot(
                parameter,
                new Scalar(-rate),
                weightDecay == 0 ? null : new Scalar(weightDecay),
                options.momentum() == 0 ? null : torch.zeros_like(parameter.detach())));
      }
    }
    Set<String> unknown = new TreeSet<>(rates.keySet());
    unknown.addAll(weightDecays.keySet());
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "learning rates or decays were given for "
              + unknown
              + ", but the parameters are "
              + names);
    }
  }

  @Override
  public void step() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Slot slot : slots) {
        Tensor gradient = slot.parameter.grad();
        if (!gradient.defined()) {
          continue;
        }
        if (slot.weightDecay != null) {
          gradient = gradient.add(slot.parameter, slot.weightDecay);
        }
        Tensor velocity = slot.velocity;
        if (velocity != null) {
          velocity.mul_(momentum).add_(gradient);
          gradient = options.nesterov() ? gradient.add(velocity, momentum) : velocity;
        }
        slot.parameter.add_(gradient, slot.minusRate);
      }
    }
  }

  @Override
  public void zeroGradients() {
    module.zero_grad(true);
  }
}
