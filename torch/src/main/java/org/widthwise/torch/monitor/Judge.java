package org.widthwise.torch.monitor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.update.UpdateRule;

/** Holds sizes against {@link Bands} and says in words what is wrong, once for each parameter. */
final class Judge {

  /** An update that is zero at so many observations in a row never comes. */
  private static final int ZEROS = 3;

  /** How near to fan-out an excess must be to be taken for it. */
  private static final double NEAR = 4;

  private final Bands bands;
  private final Map<String, PlannedParameter> planned = new HashMap<>();
  private final Map<String, Double> firstWeight = new HashMap<>();
  private final Map<String, Integer> zeros = new HashMap<>();
  private final Map<String, Set<Quantity>> reported = new HashMap<>();

  Judge(Bands bands, Plan plan) {
    this.bands = bands;
    plan.folded().parameters().forEach(parameter -> planned.put(parameter.name(), parameter));
  }

  /** What has left its band for the first time, in the order of the layers. */
  List<Finding> judge(long step, List<LayerSizes> layers) {
    List<Finding> findings = new ArrayList<>();
    for (LayerSizes layer : layers) {
      PlannedParameter parameter = planned.get(layer.parameter());
      if (parameter != null) {
        add(findings, weight(step, layer, parameter));
        add(findings, update(step, layer, parameter));
      }
    }
    return findings;
  }

  private void add(List<Finding> findings, @Nullable Finding finding) {
    if (finding != null
        && reported
            .computeIfAbsent(finding.parameter(), name -> EnumSet.noneOf(Quantity.class))
            .add(finding.quantity())) {
      findings.add(finding);
    }
  }

  private @Nullable Finding weight(long step, LayerSizes layer, PlannedParameter parameter) {
    double size = layer.value(Quantity.WEIGHT).orElse(0);
    String name = layer.parameter();
    if (!Double.isFinite(size)) {
      return new Finding(
          step,
          name,
          Quantity.WEIGHT,
          size,
          Double.NaN,
          "%s has an entry that is NaN or infinite".formatted(name));
    }
    double first = firstWeight.computeIfAbsent(name, unseen -> size);
    String norm = norm("W", layer);
    if (size > bands.weightHigh()) {
      return new Finding(
          step,
          name,
          Quantity.WEIGHT,
          size,
          size,
          "%s is %s × its target %s: %s"
              .formatted(
                  norm,
                  number(size),
                  target(layer),
                  first > bands.weightHigh()
                      ? "initialised too large for this layer"
                      : "its updates add up without bound; the learning rate is too large or the"
                          + " weight decay missing"));
    }
    if (first > bands.weightLow() && size > bands.weightGrowth() * first) {
      return new Finding(
          step,
          name,
          Quantity.WEIGHT,
          size,
          size / first,
          "%s has grown %s-fold since the first observation, to %s × its target %s: the learning"
                  .formatted(norm, number(size / first), number(size), target(layer))
              + " rate is too large for this layer or the weight decay too small");
    }
    if (parameter.scale().initStd() == 0) {
      return null;
    }
    if (first >= bands.weightLow() && size * bands.weightGrowth() < first) {
      return new Finding(
          step,
          name,
          Quantity.WEIGHT,
          size,
          size / first,
          "%s has shrunk to 1/%s of what it was at the first observation, %s × its target %s: is"
                  .formatted(norm, number(first / size), number(size), target(layer))
              + " the weight decay too large?");
    }
    if (size < bands.weightLow()) {
      return new Finding(
          step,
          name,
          Quantity.WEIGHT,
          size,
          size,
          "%s is only %s × its target %s: %s"
              .formatted(
                  norm,
                  number(size),
                  target(layer),
                  first < bands.weightLow()
                      ? "initialised too small for this layer"
                      : "is the weight decay too large?"));
    }
    return null;
  }

  private @Nullable Finding update(long step, LayerSizes layer, PlannedParameter parameter) {
    String name = layer.parameter();
    if (layer.value(Quantity.UPDATE).isEmpty()) {
      return null;
    }
    double size = layer.value(Quantity.UPDATE).getAsDouble();
    if (!Double.isFinite(size)) {
      // The weight is reported.
      return null;
    }
    if (size == 0) {
      return zeros.merge(name, 1, Integer::sum) < ZEROS
          ? null
          : new Finding(
              step,
              name,
              Quantity.UPDATE,
              0,
              0,
              "%s is 0 at %d observations in a row: does the optimizer have this parameter?"
                  .formatted(norm("ΔW", layer), ZEROS));
    }
    zeros.remove(name);
    UpdateRule rule = parameter.rule();
    double plannedSize = plannedUpdate(parameter);
    if (size > bands.updateOverPlanned() * plannedSize) {
      double factor = size / plannedSize;
      return new Finding(
          step,
          name,
          Quantity.UPDATE,
          size,
          factor,
          "%s is %s × its target %s, %s × what %s makes at the planned rate: the learning rate is"
                  .formatted(
                      norm("ΔW", layer), number(size), target(layer), number(factor), rule.id())
              + " too large by about that factor for this layer"
              + question(factor, layer.shape().fans()));
    }
    if (size > bands.updateHigh()) {
      return new Finding(
          step,
          name,
          Quantity.UPDATE,
          size,
          size,
          "%s is %s × its target %s: a single step adds more than the whole weight should be, the"
                  .formatted(norm("ΔW", layer), number(size), target(layer))
              + " learning rate is too large for this layer"
              + (rule.gradientDegree() == 1
                  ? "; is another optimizer, such as Adam, run at gradient descent's rates?"
                  : ""));
    }
    return null;
  }

  /** How large the plan makes updates, over the target; infinite where it depends on gradients. */
  private static double plannedUpdate(PlannedParameter parameter) {
    UpdateRule rule = parameter.rule();
    if (rule.gradientDegree() != 0 || rule.weightDegree() != 0) {
      return Double.POSITIVE_INFINITY;
    }
    Fans fans = parameter.shape().fans();
    return parameter.scale().learningRate()
        * rule.rawSpectralNorm(fans)
        / parameter.scale().targetSpectralNorm();
  }

  private static String question(double factor, Fans fans) {
    boolean near = factor > fans.fanOut() / NEAR && factor < fans.fanOut() * NEAR;
    return near
        ? "; it is about fan-out, %d, the factor between the rates of gradient descent and Adam: is"
                .formatted(fans.fanOut())
            + " Adam run at gradient descent's rates?"
        : "";
  }

  private static String norm(String of, LayerSizes layer) {
    return "%s of %s".formatted(symbol(of, layer), layer.parameter());
  }

  private static String symbol(String of, LayerSizes layer) {
    if (layer.shape().isMatrixLike()) {
      return "‖" + of + "‖₂";
    }
    return layer.shape().role().isTable() ? "the largest row norm of " + of : "‖" + of + "‖";
  }

  private static String target(LayerSizes layer) {
    return "√(n_out/n_in) = " + number(layer.target());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
