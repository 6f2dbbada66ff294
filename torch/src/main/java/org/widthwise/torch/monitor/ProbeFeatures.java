package org.widthwise.torch.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.shape.ParameterShape;

/**
 * What went into and came out of every watched layer in one forward pass, copied where it lies:
 * rows {@code [rows, n]}, of which evenly spaced ones are kept where there are many. A layer that
 * is used several times is kept as of its last use.
 */
final class ProbeFeatures implements AutoCloseable {

  /** Means over so many rows are exact to a few per cent, and matrix products with them cheap. */
  static final long MOST_ROWS = 1024;

  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> outputs = new LinkedHashMap<>();

  private ProbeFeatures() {}

  /**
   * Runs the network.
   *
   * @param probe the inputs
   * @param forward the network
   * @param watched the weights to look at
   * @return the features, to be closed
   */
  static ProbeFeatures of(Tensor probe, ProbeForward forward, List<SeenLayer> watched) {
    Map<String, List<SeenLayer>> byName = byName(watched);
    ProbeFeatures features = new ProbeFeatures();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      forward.forward(
          probe,
          (name, input, output) -> {
            for (SeenLayer layer : byName.getOrDefault(name, List.of())) {
              features.keep(layer, name, input, output);
            }
          });
    } catch (RuntimeException failed) {
      features.close();
      throw failed;
    }
    return features;
  }

  /** A part of a fused weight is seen where the whole is, or by itself. */
  private static Map<String, List<SeenLayer>> byName(List<SeenLayer> watched) {
    Map<String, List<SeenLayer>> byName = new LinkedHashMap<>();
    for (SeenLayer layer : watched) {
      byName.computeIfAbsent(layer.name(), name -> new ArrayList<>()).add(layer);
      if (layer.isPart()) {
        byName.computeIfAbsent(layer.whole(), name -> new ArrayList<>()).add(layer);
      }
    }
    return byName;
  }

  private void keep(SeenLayer layer, String observed, Tensor input, Tensor output) {
    ParameterShape shape = layer.shape();
    boolean tokens = !input.is_floating_point();
    // A tied embedding is used once more, as a readout.
    if (!tokens && shape.role().isTable()) {
      return;
    }
    if (!tokens && shape.isMatrixLike()) {
      keep(inputs, layer.name(), Maps.rows(shape, input));
    }
    // What is looked up lies in the last dimension, whatever the plan takes the table for.
    Tensor rows = tokens ? output.reshape(-1, output.size(-1)) : Maps.rows(shape, output);
    keep(outputs, layer.name(), layer.ownOutputs(observed, rows));
  }

  /** Copies, because networks compute in place. */
  private static void keep(Map<String, Tensor> kept, String name, Tensor rows) {
    try (PointerScope scope = new PointerScope()) {
      long count = rows.size(0);
      long step = (count + MOST_ROWS - 1) / MOST_ROWS;
      Tensor some =
          step > 1 ? rows.slice(0, new LongOptional(0), new LongOptional(count), step) : rows;
      Tensor copy = ParameterGauge.plain(some).contiguous().clone();
      Tensor earlier = kept.put(name, copy.retainReference());
      if (earlier != null) {
        earlier.close();
      }
    }
  }

  /** What a weight reads, {@code [rows, fanIn]}; null if it was not seen. */
  @Nullable Tensor input(String parameter) {
    return inputs.get(parameter);
  }

  /** What a layer puts out, {@code [rows, n]}; null if it was not seen. */
  @Nullable Tensor output(String parameter) {
    return outputs.get(parameter);
  }

  @Override
  public void close() {
    inputs.values().forEach(Tensor::close);
    outputs.values().forEach(Tensor::close);
    inputs.clear();
    outputs.clear();
  }
}
