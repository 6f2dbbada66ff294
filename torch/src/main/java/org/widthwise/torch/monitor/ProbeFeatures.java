package org.widthwise.torch.monitor;

import java.util.LinkedHashMap;
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
   * @param watched the weights to look at, by name
   * @return the features, to be closed
   */
  static ProbeFeatures of(Tensor probe, ProbeForward forward, Map<String, ParameterShape> watched) {
    ProbeFeatures features = new ProbeFeatures();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      forward.forward(
          probe,
          (name, input, output) -> {
            ParameterShape shape = watched.get(name);
            boolean tokens = !input.is_floating_point();
            // A tied embedding is used once more, as a readout.
            if (shape != null && (tokens || !shape.role().isTable())) {
              if (!tokens && shape.isMatrixLike()) {
                keep(features.inputs, name, Maps.rows(shape, input));
              }
              // What is looked up lies in the last dimension, whatever the plan takes the table
              // for.
              keep(
                  features.outputs,
                  name,
                  tokens ? output.reshape(-1, output.size(-1)) : Maps.rows(shape, output));
            }
          });
    } catch (RuntimeException failed) {
      features.close();
      throw failed;
    }
    return features;
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
