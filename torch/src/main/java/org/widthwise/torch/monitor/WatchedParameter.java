package org.widthwise.torch.monitor;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.plan.PlannedTensor;

/** One parameter under watch, with its values as they were. */
final class WatchedParameter implements AutoCloseable {

  private final PlannedParameter parameter;
  private final SeenLayer layer;
  private final ParameterGauge gauge;
  private final @Nullable Tensor start;
  private final Tensor before;

  /**
   * @param planned what it is in the module, with its first values
   * @param options how to go about it
   * @throws IllegalArgumentException if the tensor has another size than the plan says, or none
   */
  WatchedParameter(PlannedTensor planned, MonitorOptions options) {
    Tensor tensor = planned.values();
    this.parameter = planned.planned();
    requireSize(parameter, tensor);
    this.layer = SeenLayer.of(planned);
    this.gauge =
        new ParameterGauge(
            parameter.shape(), parameter.scale().targetSpectralNorm(), options.relativeTolerance());
    this.before = copy(tensor);
    this.start = options.sinceStart() ? copy(tensor) : null;
  }

  private static void requireSize(PlannedParameter parameter, Tensor tensor) {
    long planned = parameter.shape().dimensions().stream().reduce(1L, Math::multiplyExact);
    if (planned != tensor.numel() || tensor.numel() == 0) {
      throw new IllegalArgumentException(
          "the plan's '%s' has shape %s, but the module's has %d entries"
              .formatted(parameter.name(), parameter.shape().dimensions(), tensor.numel()));
    }
  }

  private static Tensor copy(Tensor tensor) {
    Tensor copy = tensor.detach().clone();
    return copy.retainReference();
  }

  /** Where its features are seen. */
  SeenLayer layer() {
    return layer;
  }

  /** Takes the values of now for those before the next step. */
  void remember(Tensor tensor) {
    before.copy_(tensor.detach());
  }

  /** What there is to see before the first step. */
  LayerSizes first(Tensor tensor, @Nullable Probe probe) {
    return sizes(first(tensor, probe == null ? null : probe.before()));
  }

  private Map<Quantity, Double> first(Tensor tensor, @Nullable ProbeFeatures features) {
    Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
    putWeight(values, tensor, features);
    putNorm(values, Quantity.FEATURE, output(features));
    return values;
  }

  /**
   * What there is to see after a step.
   *
   * @param tensor the parameter
   * @param probe the features as they were; null if none are watched
   * @param now the features of now; null if none are watched
   * @param updateKnown whether {@link #remember} was called just before the step
   */
  LayerSizes later(
      Tensor tensor, @Nullable Probe probe, @Nullable ProbeFeatures now, boolean updateKnown) {
    Map<Quantity, Double> values = new EnumMap<>(Quantity.class);
    putWeight(values, tensor, now);
    ProbeFeatures earlier = probe == null || !updateKnown ? null : probe.before();
    if (updateKnown) {
      put(
          values,
          difference(tensor, before),
          input(earlier),
          Quantity.UPDATE,
          Quantity.UPDATE_STABLE_RANK,
          Quantity.UPDATE_ALIGNMENT);
    }
    if (start != null) {
      put(
          values,
          difference(tensor, start),
          input(now),
          Quantity.CHANGE,
          Quantity.CHANGE_STABLE_RANK,
          Quantity.CHANGE_ALIGNMENT);
    }
    Tensor output = output(now);
    if (output != null) {
      putNorm(values, Quantity.FEATURE, output);
      putChange(values, Quantity.FEATURE_UPDATE, output, output(earlier));
      putChange(
          values, Quantity.FEATURE_CHANGE, output, output(probe == null ? null : probe.start()));
    }
    return sizes(values);
  }

  private @Nullable Tensor input(@Nullable ProbeFeatures features) {
    return features == null ? null : features.input(parameter.name());
  }

  private @Nullable Tensor output(@Nullable ProbeFeatures features) {
    return features == null ? null : features.output(parameter.name());
  }

  private void putWeight(
      Map<Quantity, Double> values, Tensor tensor, @Nullable ProbeFeatures features) {
    put(
        values,
        tensor,
        input(features),
        Quantity.WEIGHT,
        Quantity.WEIGHT_STABLE_RANK,
        Quantity.WEIGHT_ALIGNMENT);
  }

  private void put(
      Map<Quantity, Double> values,
      Tensor tensor,
      @Nullable Tensor incoming,
      Quantity size,
      Quantity stableRank,
      Quantity alignment) {
    ParameterGauge.Size measured = gauge.of(tensor, incoming);
    values.put(size, measured.size());
    if (gauge.isMatrix()) {
      values.put(stableRank, measured.stableRank());
      if (incoming != null) {
        values.put(alignment, measured.alignment());
      }
    }
  }

  private static void putChange(
      Map<Quantity, Double> values, Quantity quantity, Tensor now, @Nullable Tensor earlier) {
    putNorm(values, quantity, earlier == null ? null : now.sub(earlier));
  }

  private static void putNorm(
      Map<Quantity, Double> values, Quantity quantity, @Nullable Tensor features) {
    if (features != null) {
      values.put(quantity, FeatureNorms.meanNatural(features));
    }
  }

  private static Tensor difference(Tensor now, Tensor before) {
    return ParameterGauge.plain(now).sub(ParameterGauge.plain(before));
  }

  private LayerSizes sizes(Map<Quantity, Double> values) {
    return new LayerSizes(
        parameter.name(), parameter.shape(), parameter.scale().targetSpectralNorm(), values);
  }

  /** Gives native memory back. */
  @Override
  public void close() {
    before.close();
    if (start != null) {
      start.close();
    }
  }
}
