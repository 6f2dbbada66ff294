package org.widthwise.torch.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

/** Small seeded training problems. */
final class Problems {
  private Problems() {}

  static FullBatch batch(ScalarType type, int examples, MlpShape shape, long seed) {
    Generator generator = Initializer.seeded(seed);
    int inputs = shape.fanIn(0);
    int outputs = shape.fanOut(shape.depth() - 1);
    return new FullBatch(
        gaussian(type, 1, generator, examples, inputs),
        gaussian(type, 1, generator, examples, outputs));
  }

  static MlpWeights weights(ScalarType type, MlpShape shape, long seed) {
    Generator generator = Initializer.seeded(seed);
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (int layer = 0; layer < shape.depth(); layer++) {
      double deviation = 1 / Math.sqrt(shape.fanIn(layer));
      weights.add(gaussian(type, deviation, generator, shape.fanOut(layer), shape.fanIn(layer)));
      if (shape.bias()) {
        biases.add(gaussian(type, 0.5, generator, shape.fanOut(layer)));
      }
    }
    return new MlpWeights(weights, biases);
  }

  /** Rates that differ from layer to layer and from weight to bias, so that a mix-up shows. */
  static LayerRates rates(MlpShape shape, double scale) {
    double[] weights = new double[shape.depth()];
    double[] biases = new double[shape.bias() ? shape.depth() : 0];
    for (int layer = 0; layer < shape.depth(); layer++) {
      weights[layer] = scale * (1 + 0.3 * layer) / shape.fanIn(layer);
      if (shape.bias()) {
        biases[layer] = scale * (0.5 - 0.1 * layer);
      }
    }
    return LayerRates.of(weights, biases);
  }

  static Mlp mlp(ScalarType type, MlpShape shape, MlpWeights weights) {
    Mlp mlp = new Mlp(shape);
    mlp.to(type, false);
    weights.copyInto(mlp);
    return mlp;
  }

  static double distance(MlpWeights a, MlpWeights b) {
    double distance = 0;
    for (int layer = 0; layer < a.depth(); layer++) {
      distance = Math.max(distance, distance(a.weights().get(layer), b.weights().get(layer)));
      if (a.hasBias()) {
        distance = Math.max(distance, distance(a.biases().get(layer), b.biases().get(layer)));
      }
    }
    return distance;
  }

  static boolean identical(MlpWeights a, MlpWeights b) {
    boolean same = a.depth() == b.depth() && a.hasBias() == b.hasBias();
    for (int layer = 0; same && layer < a.depth(); layer++) {
      same =
          a.weights().get(layer).equal(b.weights().get(layer))
              && (!a.hasBias() || a.biases().get(layer).equal(b.biases().get(layer)));
    }
    return same;
  }

  static MlpWeights cast(MlpWeights weights, ScalarType type) {
    return new MlpWeights(
        weights.weights().stream().map(tensor -> tensor.to(type)).toList(),
        weights.biases().stream().map(tensor -> tensor.to(type)).toList());
  }

  static Tensor matrix(double[][] rows) {
    double[] entries = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    long[] shape = {rows.length, rows[0].length};
    Tensor matrix = torch.zeros(shape, new TensorOptions(ScalarType.Double));
    matrix.data_ptr_double().put(entries);
    return matrix;
  }

  private static double distance(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item_double();
  }

  private static Tensor gaussian(
      ScalarType type, double deviation, Generator generator, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(type));
    new GaussianInitializer(deviation).fill(tensor, generator);
    return tensor;
  }
}
