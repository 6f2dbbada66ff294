package org.widthwise.torch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;

/**
 * The paper's multilayer perceptron as an ordinary libtorch module: its parameters are named {@code
 * layers.0.weight}, {@code layers.0.bias}, …, {@code layers.<L-1>.weight}, as a list of linear
 * layers called {@code layers} is in Python, so that checkpoints are exchanged by name.
 *
 * <p>Layer 0 is the paper's W_1. The weights are initialised as libtorch does by default; fill them
 * with an {@link org.widthwise.torch.init.Initializer}. Call {@link
 * org.widthwise.torch.engine.Libtorch#load()} before the first instance is made.
 */
public final class Mlp extends Module implements Network {
  private final MlpShape shape;
  private final List<LinearImpl> layers;

  /**
   * Kept although never read: native calls that visit all modules, such as {@code zero_grad}, call
   * back into the Java object of each, and fail once it has been collected.
   */
  @SuppressWarnings("unused")
  private final Module container;

  /**
   * Builds the network, float32, on the CPU.
   *
   * @param shape widths, activation and biases
   */
  public Mlp(MlpShape shape) {
    super("Mlp");
    this.shape = shape;
    this.container = register_module("layers", new Module("layers"));
    List<LinearImpl> linear = new ArrayList<>();
    for (int layer = 0; layer < shape.depth(); layer++) {
      LinearOptions options = new LinearOptions(shape.fanIn(layer), shape.fanOut(layer));
      options.bias().put(shape.bias());
      linear.add(container.register_module(Integer.toString(layer), new LinearImpl(options)));
    }
    this.layers = List.copyOf(linear);
  }

  /**
   * What the network was built from.
   *
   * @return the shape
   */
  public MlpShape shape() {
    return shape;
  }

  /**
   * The name of a layer's weight among {@code named_parameters()}.
   *
   * @param layer the layer, counted from 0
   * @return the name, such as {@code layers.0.weight}
   */
  public static String weightName(int layer) {
    return "layers." + layer + ".weight";
  }

  /**
   * The name of a layer's bias among {@code named_parameters()}.
   *
   * @param layer the layer, counted from 0
   * @return the name, such as {@code layers.0.bias}
   */
  public static String biasName(int layer) {
    return "layers." + layer + ".bias";
  }

  /**
   * The weight of a layer, not a copy.
   *
   * @param layer the layer, counted from 0
   * @return the parameter, {@code [fanOut, fanIn]}
   */
  public Tensor weight(int layer) {
    return layers.get(layer).weight();
  }

  /**
   * The bias of a layer, not a copy.
   *
   * @param layer the layer, counted from 0
   * @return the parameter, {@code [fanOut]}
   * @throws IllegalStateException if the network has no biases
   */
  public Tensor bias(int layer) {
    if (!shape.bias()) {
      throw new IllegalStateException("this MLP was built without biases: " + shape);
    }
    return layers.get(layer).bias();
  }

  @Override
  public Module module() {
    return this;
  }

  /**
   * {@inheritDoc}
   *
   * @param inputs a batch {@code [B, n_0]}
   * @return {@code [B, n_L]}
   */
  @Override
  public Tensor forward(Tensor inputs, FeatureTap tap) {
    if (inputs.dim() != 2 || inputs.size(1) != shape.fanIn(0)) {
      throw new IllegalArgumentException(
          "the inputs of this MLP must have shape [B, "
              + shape.fanIn(0)
              + "], but have "
              + Arrays.toString(Tensors.shape(inputs)));
    }
    Tensor feature = inputs;
    Tensor preactivation = layers.get(0).forward(feature);
    tap.observe(weightName(0), feature, preactivation);
    for (int layer = 1; layer < layers.size(); layer++) {
      feature = shape.activation().apply(preactivation);
      preactivation = layers.get(layer).forward(feature);
      tap.observe(weightName(layer), feature, preactivation);
    }
    return preactivation;
  }

  /**
   * The paper's features: the preactivation of every layer.
   *
   * @param inputs a batch {@code [B, n_0]}
   * @return h_1, …, h_L, each {@code [B, n_l]}; the last is the network's output
   * @throws IllegalArgumentException if the inputs have another shape
   */
  public List<Tensor> forwardFeatures(Tensor inputs) {
    List<Tensor> features = new ArrayList<>();
    forward(inputs, (name, input, output) -> features.add(output));
    return List.copyOf(features);
  }
}
