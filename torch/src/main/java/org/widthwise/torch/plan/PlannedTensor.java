package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.torch.engine.Tensors;

/**
 * The tensor that a planned parameter is in a module: one of the module's parameters, or one of the
 * {@link Parts} of it. Which parts there are is read off the plan alone, so that a plan that was
 * saved needs no declarations: {@code w[query]}, {@code w[key]}, … are, in the plan's order, the
 * rows of the module's {@code w} one after another.
 */
public final class PlannedTensor {

  private final PlannedParameter planned;
  private final String parameter;
  private final Tensor whole;
  private final boolean part;
  private final long first;

  private PlannedTensor(
      PlannedParameter planned, String parameter, Tensor whole, boolean part, long first) {
    this.planned = planned;
    this.parameter = parameter;
    this.whole = whole;
    this.part = part;
    this.first = first;
  }

  /**
   * The tensors of all of a module's parameters.
   *
   * @param module the module
   * @param plan a plan that has each of the module's parameters, or all of its parts
   * @return by the plan's names in the module's order; they belong to the scope that is open at the
   *     call
   * @throws IllegalArgumentException if the plan lacks a parameter, or has parts that do not make
   *     it up
   */
  public static Map<String, PlannedTensor> of(Module module, Plan plan) {
    return found(module, plan, true);
  }

  /**
   * The tensors of those of a module's parameters that a plan speaks of.
   *
   * @param module the module
   * @param plan a plan of some or all of its parameters
   * @return as {@link #of}
   * @throws IllegalArgumentException if the plan has parts that do not make up their parameter
   */
  public static Map<String, PlannedTensor> ofSome(Module module, Plan plan) {
    return found(module, plan, false);
  }

  private static Map<String, PlannedTensor> found(Module module, Plan plan, boolean all) {
    Map<String, PlannedParameter> byName = new LinkedHashMap<>();
    Map<String, List<PlannedParameter>> parts = new LinkedHashMap<>();
    for (PlannedParameter planned : plan.parameters()) {
      byName.put(planned.name(), planned);
      int bracket = planned.name().lastIndexOf('[');
      if (bracket > 0 && planned.name().endsWith("]")) {
        parts
            .computeIfAbsent(planned.name().substring(0, bracket), name -> new ArrayList<>())
            .add(planned);
      }
    }
    Map<String, PlannedTensor> found = new LinkedHashMap<>();
    NamedTensors.of(module)
        .forEach(
            (name, tensor) -> {
              PlannedParameter whole = byName.get(name);
              List<PlannedParameter> own = parts.getOrDefault(name, List.of());
              if (whole == null && own.isEmpty()) {
                if (all) {
                  plan.get(name); // Says that it is not there, and what is.
                }
                return;
              }
              if (whole == null) {
                requireSum(name, tensor, own);
              }
              long first = 0;
              for (PlannedParameter planned : whole == null ? own : List.of(whole)) {
                found.put(
                    planned.name(), new PlannedTensor(planned, name, tensor, whole == null, first));
                first += rows(planned);
              }
            });
    return found;
  }

  private static long rows(PlannedParameter planned) {
    List<Long> dimensions = planned.shape().dimensions();
    return dimensions.isEmpty() ? 1 : dimensions.get(0);
  }

  private static void requireSum(String name, Tensor tensor, List<PlannedParameter> parts) {
    long sum = 0;
    List<String> told = new ArrayList<>();
    for (PlannedParameter part : parts) {
      sum = Math.addExact(sum, rows(part));
      told.add(part.name() + " " + part.shape().dimensions());
    }
    if (tensor.dim() == 0 || tensor.size(0) != sum) {
      throw new IllegalArgumentException(
          ("the module's '%s' has shape %s, but the plan's parts of it, %s, have together %d rows:"
                  + " they must add up to its first dimension")
              .formatted(name, Arrays.toString(Tensors.shape(tensor)), told, sum));
    }
  }

  /**
   * What the plan says of it.
   *
   * @return the planned parameter
   */
  public PlannedParameter planned() {
    return planned;
  }

  /**
   * The module's name of the parameter that it is or is part of.
   *
   * @return the first name in {@code named_parameters()}
   */
  public String parameter() {
    return parameter;
  }

  /**
   * Whether it is a part of the module's parameter.
   *
   * @return false if it is all of it
   */
  public boolean isPart() {
    return part;
  }

  /**
   * Where it begins in the module's parameter.
   *
   * @return its first row there, 0 if it is all of it
   */
  public long first() {
    return first;
  }

  /**
   * The values as they are now.
   *
   * @return the module's parameter itself, or a view of its rows outside of autograd, which is made
   *     anew so that it follows a module that is moved; what is changed in it is changed in the
   *     module
   */
  public Tensor values() {
    return part ? rows(whole.detach()) : whole;
  }

  /**
   * The gradient as it is now.
   *
   * @return dense, of the shape of the values; null if there is none or the parameter is frozen
   */
  public @Nullable Tensor gradient() {
    Tensor gradient = whole.grad();
    if (!gradient.defined() || !whole.requires_grad()) {
      return null;
    }
    Tensor dense = gradient.is_sparse() ? gradient.to_dense() : gradient;
    return part ? rows(dense) : dense;
  }

  private Tensor rows(Tensor tensor) {
    return tensor.narrow(0, first, rows(planned));
  }
}
