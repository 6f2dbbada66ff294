package org.widthwise.djl.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.widthwise.djl.plan.BlockParameters;

/** Three layers, which learn the sign of a product of two inputs among sixteen. */
final class Perceptron implements Example {

  private static final int EXAMPLES = 64;
  private static final int INPUTS = 16;

  private final Linear first;
  private final Linear last = Linear.builder().setUnits(1).build();
  private final SequentialBlock block;

  Perceptron(int width) {
    first = Linear.builder().setUnits(width).build();
    block =
        new SequentialBlock()
            .add(first)
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(width).build())
            .add(Activation.reluBlock())
            .add(last);
  }

  @Override
  public Block block() {
    return block;
  }

  @Override
  public BlockParameters parameters() {
    return BlockParameters.of(block).input(first).readout(last);
  }

  private static float[] values() {
    Random random = new Random(1);
    float[] values = new float[EXAMPLES * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Override
  public NDList inputs(NDManager manager) {
    return new NDList(manager.create(values(), new Shape(EXAMPLES, INPUTS)));
  }

  @Override
  public NDList labels(NDManager manager) {
    float[] values = values();
    float[] labels = new float[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      labels[i] = Math.signum(values[i * INPUTS] * values[i * INPUTS + 1]);
    }
    return new NDList(manager.create(labels, new Shape(EXAMPLES, 1)));
  }

  @Override
  public Loss loss() {
    return Loss.l2Loss();
  }

  @Override
  public Map<String, NDArray> features(ParameterStore store, NDList inputs) {
    Map<String, NDArray> features = new LinkedHashMap<>();
    NDList current = inputs;
    for (Block layer : block.getChildren().values()) {
      current = layer.forward(store, current, false);
      if (layer instanceof Linear) {
        features.put("layer " + (features.size() + 1), current.head());
      }
    }
    return features;
  }
}
